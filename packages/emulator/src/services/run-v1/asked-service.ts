import type { AskedService } from '../run/defaults.ts';
import type { TrafficTarget } from '../run/types.ts';
import { type Annotations, flag, json, number, own, ownLabels, RUN } from './annotations.ts';
import { askedTemplate, set, type V1Template } from './asked-template.ts';
import { INGRESS } from './ingress.ts';

/** A service as the API v1 takes it (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services#Service). */
export interface V1Service {
  readonly metadata?: {
    readonly name?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Annotations;
  };
  readonly spec?: {
    readonly template?: V1Template;
    readonly traffic?: readonly {
      readonly revisionName?: string;
      readonly latestRevision?: boolean;
      readonly percent?: number;
      readonly tag?: string;
    }[];
  };
}

/** What the API v2 calls all of it. @throws ApiError INVALID_ARGUMENT for an annotation that can't be read */
export function askedService({ metadata = {}, spec = {} }: V1Service): AskedService {
  const { annotations = {}, labels, resourceVersion } = metadata;
  const said = (name: string) => annotations[`${RUN}/${name}`];
  const scaling = set({
    minInstanceCount: number(annotations, `${RUN}/minScale`),
    maxInstanceCount: number(annotations, `${RUN}/maxScale`),
    manualInstanceCount: number(annotations, `${RUN}/manualInstanceCount`),
    scalingMode: said('scalingMode')?.toUpperCase(),
  });
  return set<AskedService>({
    labels: ownLabels(labels),
    annotations: own(annotations),
    // gcloud sends the version that it has read, so that a change in between is not lost.
    etag: resourceVersion && `"${resourceVersion}"`,
    client: said('client-name'),
    clientVersion: said('client-version'),
    description: said('description'),
    ingress: Object.keys(INGRESS).find((word) => INGRESS[word] === said('ingress')),
    launchStage: said('launch-stage'),
    customAudiences: json<string[]>(annotations, `${RUN}/custom-audiences`),
    invokerIamDisabled: flag(annotations, `${RUN}/invoker-iam-disabled`),
    defaultUriDisabled: flag(annotations, `${RUN}/default-url-disabled`),
    scaling: Object.keys(scaling).length > 0 ? scaling : undefined,
    template: askedTemplate(spec.template ?? {}),
    traffic: spec.traffic?.map(({ revisionName, latestRevision, percent, tag }) =>
      set<TrafficTarget>({
        type: latestRevision
          ? 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST'
          : 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION',
        revision: latestRevision ? undefined : revisionName,
        percent,
        tag,
      }),
    ),
  });
}
