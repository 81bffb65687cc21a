export { type Connection, type Kubernetes, kubernetes } from './api/client.ts';
export { isKubernetesError, KubernetesError } from './api/error.ts';
export { pathOf, type Resource, type Resources, resourcesOf } from './api/resources.ts';
export { comparable, contains, isAsApplied, isSame, MARK, marked, withData } from './apply/applied.ts';
export { apply, FIELD_MANAGER, look, type Target } from './apply/apply.ts';
export { type ImageChange, imagesIn, nameOfImage, withImages } from './objects/images.ts';
export { type Manifest, readManifests } from './objects/manifests.ts';
export {
  groupOf,
  type KubernetesObject,
  listAt,
  nameOf,
  OBJECT,
  OBJECTS,
  textAt,
} from './objects/object.ts';
export { inOrder, isJob, workloadKind } from './objects/order.ts';
export type { Reason } from './rollout/pod-state.ts';
export { jobStatus, rolloutStatus } from './rollout/status.ts';
export { undo } from './rollout/undo.ts';
export { type Waited, waitFor } from './rollout/wait.ts';
export { whyNotReady } from './rollout/why.ts';
