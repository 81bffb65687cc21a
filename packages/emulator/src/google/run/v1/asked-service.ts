import type { AskedService } from '../v2/asked.ts';
import type { TrafficTarget } from '../v2/types.ts';
import { AnnotationReader, RUN } from './annotations.ts';
import { askedTemplate, type V1Template } from './asked-template.ts';
import { ownLabels, set, setAny } from './fields.ts';
import { INGRESS } from './ingress.ts';

/** A service as the API v1 takes it (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.services#Service). */
export interface V1Service {
  readonly metadata?: {
    readonly name?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
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
  const { labels, resourceVersion } = metadata;
  const annotations = new AnnotationReader(metadata.annotations);
  return set<AskedService>({
    labels: ownLabels(labels),
    // gcloud sends the version that it has read, so that a change in between is not lost.
    etag: resourceVersion && `"${resourceVersion}"`,
    client: annotations.text(`${RUN}/client-name`),
    clientVersion: annotations.text(`${RUN}/client-version`),
    description: annotations.text(`${RUN}/description`),
    ingress: ingressOf(annotations),
    launchStage: annotations.text(`${RUN}/launch-stage`),
    customAudiences: annotations.json<string[]>(`${RUN}/custom-audiences`),
    invokerIamDisabled: annotations.flag(`${RUN}/invoker-iam-disabled`),
    defaultUriDisabled: annotations.flag(`${RUN}/default-url-disabled`),
    scaling: setAny({
      minInstanceCount: annotations.number(`${RUN}/minScale`),
      maxInstanceCount: annotations.number(`${RUN}/maxScale`),
      manualInstanceCount: annotations.number(`${RUN}/manualInstanceCount`),
      scalingMode: annotations.text(`${RUN}/scalingMode`)?.toUpperCase(),
    }),
    annotations: annotations.own(),
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

function ingressOf(annotations: AnnotationReader): string | undefined {
  const name = `${RUN}/ingress`;
  const asked = annotations.text(name);
  const word = Object.keys(INGRESS).find((each) => INGRESS[each] === asked);
  if (asked !== undefined && !word) throw annotations.invalid(name);
  return word;
}
