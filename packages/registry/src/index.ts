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
export { imageLayers, type Layer } from './layers.ts';
export { manifestDigest } from './manifest.ts';
export { ensureRepository } from './repository.ts';
export { setTag } from './set-tag.ts';
