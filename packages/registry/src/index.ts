export { type CopyResult, copyImage, digestAt, digestsOf, type Place } from './copy.ts';
export { createDockerConfig, type DockerConfig } from './docker-config.ts';
export {
  dockerName,
  formatImageName,
  hostOf,
  type ImageName,
  isDigest,
  isTag,
  parseImageName,
} from './image.ts';
export { manifestDigest } from './manifest.ts';
export { type RegistryCredential, registryClient } from './registry-client.ts';
export { ensureRepository } from './repository.ts';
