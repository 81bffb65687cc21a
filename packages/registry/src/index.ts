export { type PushRights, requirePush, setReaders } from './artifact-registry/access.ts';
export { CleanupPolicyError, readCleanupPolicies } from './artifact-registry/cleanup-policy.ts';
export { deleteTag } from './artifact-registry/delete-tag.ts';
export { deleteVersion } from './artifact-registry/delete-version.ts';
export { elsewhere } from './artifact-registry/locations.ts';
export { mayRead } from './artifact-registry/may-read.ts';
export { packagePath } from './artifact-registry/package-path.ts';
export { type EnsuredRepository, ensureRepository } from './artifact-registry/repository.ts';
export { repositoryName } from './artifact-registry/repository-name.ts';
export type { RepositorySettings } from './artifact-registry/repository-settings.ts';
export { registryClient } from './client/registry-client.ts';
export type { RegistryCredential } from './client/sign-in.ts';
export { type CopyResult, copyImage, digestAt, digestsOf, type Place, tagImage } from './copy/copy.ts';
export { createDockerConfig, type DockerConfig } from './docker/docker-config.ts';
export { dockerLogin } from './docker/docker-login.ts';
export { createJobLogin } from './docker/job-login.ts';
export { type Artifact, getArtifact, putArtifact } from './manifests/artifact.ts';
export { getManifest, type HeldManifest, putManifest } from './manifests/held-manifest.ts';
export { IDENTITY_LABEL } from './manifests/identity-label.ts';
export { type ImageConfig, imageConfig } from './manifests/image-config.ts';
export { imageLabels } from './manifests/image-labels.ts';
export { imageLayers, type Layer } from './manifests/layers.ts';
export { listTags } from './manifests/list-tags.ts';
export { manifestDigest } from './manifests/manifest.ts';
export { pinImage } from './manifests/pin-image.ts';
export { listReferrer, type Referrer, referrersOf } from './manifests/referrers.ts';
export { relabelImage } from './manifests/relabel-image.ts';
export { setTag } from './manifests/set-tag.ts';
export {
  dockerName,
  formatImageName,
  hostOf,
  type ImageName,
  isDigest,
  isTag,
  parseImageName,
} from './names/image.ts';
export { imageNameCure } from './names/image-cure.ts';
export { parseReference, type Reference } from './names/reference.ts';
export { type BuildEvent, readBuildEvent } from './tags/build-event.ts';
export { type Flavor, readFlavor } from './tags/flavor.ts';
export { imageMetadata } from './tags/image-metadata.ts';
export { fillTemplate, type ImageTags, makeTags, readTagRules, TagError } from './tags/image-tags.ts';
export { MetadataLineError } from './tags/metadata-line.ts';
export type { TagRule } from './tags/tag-rule.ts';
