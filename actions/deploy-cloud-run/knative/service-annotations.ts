import { log } from '@gangway/action';
import type { ServiceSettings } from '../api/resources.ts';
import type { Annotations } from './annotations.ts';
import type { Reader } from './reader.ts';

/** Annotations of a service and of a job, all that the API v1 lists (https://cloud.google.com/run/docs/reference/rest/v1/ObjectMeta). */
export const JOB_ANNOTATIONS: Annotations<ServiceSettings> = {
  'run.googleapis.com/launch-stage': (value) => ({ launchStage: value.text() }),
  'run.googleapis.com/binary-authorization': (value) => ({
    binaryAuthorization: value.text() === 'default' ? { useDefault: true } : { policy: value.text() },
  }),
  'run.googleapis.com/binary-authorization-breakglass': (value) => ({
    binaryAuthorization: { breakglassJustification: value.text() },
  }),
};

export const SERVICE_ANNOTATIONS: Annotations<ServiceSettings> = {
  ...JOB_ANNOTATIONS,
  'run.googleapis.com/ingress': (value) => ({
    ingress: value.word({
      all: 'INGRESS_TRAFFIC_ALL',
      internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
      'internal-and-cloud-load-balancing': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
      none: 'INGRESS_TRAFFIC_NONE',
    }),
  }),
  'run.googleapis.com/description': (value) => ({ description: value.text() }),
  'run.googleapis.com/custom-audiences': (value) => ({ customAudiences: audiences(value) }),
  'run.googleapis.com/invoker-iam-disabled': (value) => ({ invokerIamDisabled: value.flag() }),
  'run.googleapis.com/default-url-disabled': (value) => ({ defaultUriDisabled: value.flag() }),
  'run.googleapis.com/iap-enabled': (value) => ({ iapEnabled: value.flag() }),
  'run.googleapis.com/minScale': (value) => ({ scaling: { minInstanceCount: value.numeral() } }),
  'run.googleapis.com/maxScale': (value) => ({ scaling: { maxInstanceCount: value.numeral() } }),
  'run.googleapis.com/manualInstanceCount': (value) => ({
    scaling: { manualInstanceCount: value.numeral() },
  }),
  'run.googleapis.com/scalingMode': (value) => ({
    scaling: { scalingMode: value.word({ automatic: 'AUTOMATIC', manual: 'MANUAL' }) },
  }),
  'run.googleapis.com/build-base-image': (value) => ({ buildConfig: { baseImage: value.text() } }),
  'run.googleapis.com/build-enable-automatic-updates': (value) => ({
    buildConfig: { enableAutomaticUpdates: value.flag() },
  }),
  'run.googleapis.com/build-environment-variables': (value) => ({
    buildConfig: { environmentVariables: value.json() },
  }),
  'run.googleapis.com/build-function-target': (value) => ({ buildConfig: { functionTarget: value.text() } }),
  'run.googleapis.com/build-image-uri': (value) => ({ buildConfig: { imageUri: value.text() } }),
  'run.googleapis.com/build-service-account': (value) => ({ buildConfig: { serviceAccount: value.text() } }),
  'run.googleapis.com/build-source-location': (value) => ({ buildConfig: { sourceLocation: value.text() } }),
  'run.googleapis.com/build-worker-pool': (value) => ({ buildConfig: { workerPool: value.text() } }),
  // The template says the same of its containers.
  'run.googleapis.com/base-images': () => undefined,
  'run.googleapis.com/gc-traffic-tags': unset,
};

/** What has no field in the API v2, which this action writes: Cloud Run keeps what it has. */
export function unset(value: Reader, name: string): undefined {
  log.warning(`${value.where}: ${name} can't be set through the API v2; it is left as it is.`);
}

function audiences(value: Reader): string[] {
  const list = value.json();
  if (!Array.isArray(list) || list.some((item) => typeof item !== 'string'))
    throw value.wrong('a JSON list of strings is needed here, such as ["https://example.com"]');
  return list as string[];
}
