export { type Artifact, getArtifact, putArtifact } from './artifact.ts';
export { createDockerConfig, type DockerConfig } from './docker-config.ts';
export { getManifest, type HeldManifest, putManifest } from './held-manifest.ts';
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
export { publicDigest, type Transporter } from './public-digest.ts';
export { parseReference, type Reference } from './reference.ts';
export { ensureRepository } from './repository.ts';
export { setTag } from './set-tag.ts';
