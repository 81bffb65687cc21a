import type { Exchange } from './exchange.ts';
import type { Violation } from './judge.ts';

interface Relaxation {
  /** Why it is right though the documents say otherwise. */
  readonly reason: string;
  readonly matches: (violation: Violation, exchange: Exchange) => boolean;
}

/** Where Google does otherwise than its documents say. */
export const RELAXED: readonly Relaxation[] = [
  {
    reason: 'the token service speaks OAuth: it takes forms, and errors are those of RFC 6749, 5.2',
    matches: ({ kind }, { host, path }) =>
      host === 'sts.googleapis.com' &&
      /^\/v1\/(?:token|introspect|revoke)\b/.test(path) &&
      /a body of another type|a body that is no object|an error without `error`/.test(kind),
  },
  {
    reason:
      'Resource Manager says by a detail of its own why a project cannot have such owners; gcloud shows it, and no document has the message',
    matches: ({ kind, detail }, { host }) =>
      host === 'cloudresourcemanager.googleapis.com' &&
      kind === 'a type that the document does not have' &&
      detail.includes('google.cloudresourcemanager.v1.ProjectIamPolicyError'),
  },
  {
    reason: 'gcloud sends it with every list of Compute Engine',
    matches: ({ kind, detail }, { host }) =>
      host === 'compute.googleapis.com' &&
      /unknown parameter$/.test(kind) &&
      detail.startsWith('returnPartialSuccess='),
  },
  {
    reason: 'a batch is of many methods (https://cloud.google.com/compute/docs/api/how-tos/batch)',
    matches: (_, { host, path }) => host === 'compute.googleapis.com' && path.startsWith('/batch/compute/v1'),
  },
  {
    reason:
      'the path names the namespace of what Knative makes, and gcloud says none in the metadata of a template',
    matches: ({ kind, detail }, { host, path }) =>
      host === 'run.googleapis.com' &&
      path.startsWith('/apis/') &&
      kind.endsWith('a required field is not given') &&
      detail.endsWith('metadata.namespace'),
  },
  {
    reason:
      'what each log entry must have may be said once for all of them, and a resource such as `global` has no labels',
    matches: ({ kind, detail }, { host }) =>
      host === 'logging.googleapis.com' &&
      kind.endsWith('a required field is not given') &&
      /^(?:entries\[\d+\]\.(?:logName|resource)|(?:entries\[\d+\]\.)?resource\.labels)$/.test(detail),
  },
  {
    reason: 'enums are read in any case: gcloud sends those of a cleanup policy as its file has them',
    matches: ({ kind, detail }) =>
      kind === 'takes: no value of the enum' &&
      /^cleanupPolicies\.\S+: "(?:keep|delete|any|tagged|untagged)"$/i.test(detail),
  },
];
