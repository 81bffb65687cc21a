import type { Template } from '../api/resources.ts';
import type { Annotations } from './annotations.ts';
import { unset } from './service-annotations.ts';
import { type Said, WORKLOAD_ANNOTATIONS } from './workload.ts';

/** Annotations of a revision, all that the API v1 lists (https://cloud.google.com/run/docs/reference/rest/v1/ObjectMeta). */
export const REVISION_ANNOTATIONS: Annotations<Said & Template> = {
  ...WORKLOAD_ANNOTATIONS,
  'autoscaling.knative.dev/minScale': (value) => ({ scaling: { minInstanceCount: value.numeral() } }),
  'autoscaling.knative.dev/maxScale': (value) => ({ scaling: { maxInstanceCount: value.numeral() } }),
  'run.googleapis.com/sessionAffinity': (value) => ({ sessionAffinity: value.flag() }),
  'run.googleapis.com/health-check-disabled': (value) => ({ healthCheckDisabled: value.flag() }),
  'run.googleapis.com/gpu-zonal-redundancy-disabled': (value) => ({
    gpuZonalRedundancyDisabled: value.flag(),
  }),
  'run.googleapis.com/post-key-revocation-action-type': (value) => ({
    encryptionKeyRevocationAction: value.word({ 'prevent-new': 'PREVENT_NEW', 'shut-down': 'SHUTDOWN' }),
  }),
  'run.googleapis.com/encryption-key-shutdown-hours': (value) => ({
    encryptionKeyShutdownDuration: `${value.numeral() * 3600}s`,
  }),
  'run.googleapis.com/mesh': (value) => ({ serviceMesh: { mesh: value.text() } }),
  'run.googleapis.com/secure-session-agent': unset,
};
