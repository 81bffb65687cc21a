import { ApiError } from '../../../kernel/errors.ts';
import { problemIn } from '../../cel/check.ts';
import { celTime, evaluate } from '../../cel/evaluate.ts';

/** What conditions may refer to (https://cloud.google.com/iam/docs/conditions-attribute-reference). */
const NAMES = ['api', 'destination', 'request', 'resource'];
const FUNCTIONS = [
  'getAttribute',
  'hasOnly',
  'hasTagKey',
  'hasTagKeyId',
  'inIpRange',
  'matchTag',
  'matchTagId',
];

/** Types of resources, by the collection that they lie in (https://cloud.google.com/iam/docs/conditions-resource-attributes#resource-type). */
const TYPES: Readonly<Record<string, string>> = {
  apis: 'apigateway.googleapis.com/Api',
  gateways: 'apigateway.googleapis.com/Gateway',
  jobs: 'run.googleapis.com/Job',
  projects: 'cloudresourcemanager.googleapis.com/Project',
  repositories: 'artifactregistry.googleapis.com/Repository',
  secrets: 'secretmanager.googleapis.com/Secret',
  serviceAccounts: 'iam.googleapis.com/ServiceAccount',
  services: 'run.googleapis.com/Service',
  versions: 'secretmanager.googleapis.com/SecretVersion',
  workerPools: 'run.googleapis.com/WorkerPool',
};

/** @throws ApiError INVALID_ARGUMENT for an expression that does not compile */
export function checkCondition({
  expression = '',
  title = '',
}: {
  readonly expression?: string;
  readonly title?: string;
}): void {
  if (!title) throw new ApiError('INVALID_ARGUMENT', 'A condition must have a title.');
  const problem = expression ? problemIn(expression, NAMES, FUNCTIONS) : 'the expression is empty';
  if (problem) throw new ApiError('INVALID_ARGUMENT', `Condition expression compilation failed: ${problem}`);
}

/**
 * Whether a condition holds. One that cannot be evaluated, or asks what the local cloud does not know, does not.
 *
 * @param resource full name, as conditions see it
 * @param now milliseconds since the epoch
 */
export function holds(expression: string, resource: string, now: number): boolean {
  const segments = resource.split('/');
  const type = TYPES[segments.at(-2) ?? ''] ?? '';
  const [service = ''] = type.split('/');
  const bindings = { resource: { name: resource, type, service }, request: { time: celTime(now) } };
  return evaluate(expression, bindings) === true;
}
