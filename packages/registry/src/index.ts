export { type PushRights, requirePush, setReaders } from './access.ts';
export { type Artifact, getArtifact, putArtifact } from './artifact.ts';
export { CleanupPolicyError, readCleanupPolicies } from './cleanup-policy.ts';
export { type CopyResult, copyImage, digestAt, digestsOf, type Place } from './copy.ts';
export { deleteTag } from './delete-tag.ts';
export { deleteVersion } from './delete-version.ts';
export { createDockerConfig, type DockerConfig } from './docker-config.ts';
export { dockerLogin } from './docker-login.ts';
export { getManifest, type HeldManifest, putManifest } from './held-manifest.ts';
export { IDENTITY_LABEL } from './identity-label.ts';
export {
  dockerName,
  formatImageName,
  hostOf,
  type ImageName,
  isDigest,
  isTag,
  parseImageName,
} from './image.ts';
export { type ImageConfig, imageConfig } from './image-config.ts';
export { imageNameCure } from './image-cure.ts';
export { imageLabels } from './image-labels.ts';
export { imageLayers, type Layer } from './layers.ts';
export { elsewhere } from './locations.ts';
export { manifestDigest } from './manifest.ts';
export { packagePath } from './package-path.ts';
export { parseReference, type Reference } from './reference.ts';
export { listReferrer, type Referrer, referrersOf } from './referrers.ts';
export { type RegistryCredential, registryClient } from './registry-client.ts';
export { relabelImage } from './relabel-image.ts';
export { type EnsuredRepository, ensureRepository } from './repository.ts';
export { repositoryName } from './repository-name.ts';
export type { RepositorySettings } from './repository-settings.ts';
export { setTag } from './set-tag.ts';
export { type BuildEvent, readBuildEvent } from './tags/build-event.ts';
export { type Flavor, readFlavor } from './tags/flavor.ts';
export { imageMetadata } from './tags/image-metadata.ts';
export { fillTemplate, type ImageTags, makeTags, readTagRules, TagError } from './tags/image-tags.ts';
export { MetadataLineError } from './tags/metadata-line.ts';
export type { TagRule } from './tags/tag-rule.ts';
