import { ActionError, input, invalid } from '@gangway/action';
import { LIMITS } from '@gangway/cloud-run';
import { pullRequest } from '@gangway/github';

/** What a pull request gets. */
export interface Preview {
  readonly number: number;
  /** `pr-NUMBER`. */
  readonly tag: string;
  /** Whether it was closed, so that all of that goes. */
  readonly destroy: boolean;
}

/** Inputs that say what the whole service is, or where its requests go: a preview leaves both alone. */
const OF_THE_SERVICE = [
  'job',
  'worker_pool',
  'metadata',
  'labels',
  'remove_labels',
  'custom_audiences',
  'description',
  'ingress',
  'service_min_instances',
  'service_max_instances',
  'invokers',
  'invoker_iam_check',
  'traffic',
  'revision_traffic',
  'tag_traffic',
  'tag',
];

/**
 * The preview that `pull_request` asks for.
 *
 * @throws ActionError where the run is for no pull request, or an input can't go with it
 */
export function readPreview(): Preview | undefined {
  if (!input.boolean('pull_request')) return undefined;
  const other = OF_THE_SERVICE.find((name) => input.optional(name) !== undefined);
  if (other)
    throw invalid(
      other,
      input.optional(other) ?? '',
      'a preview leaves the service and its requests as they are; leave it out with pull_request',
    );
  const event = pullRequest();
  if (!event)
    throw new ActionError('Input "pull_request" is true, but this run is not for a pull request.', {
      code: 'no-pull-request',
      hint: 'run the job on: pull_request, with types opened, reopened, synchronize and closed',
    });
  const { number, action } = event;
  const tag = `pr-${number}`;
  const service = input.optional('service') ?? '';
  const { most } = LIMITS.tagAndService;
  if (service.length + tag.length > most)
    throw invalid(
      'service',
      service,
      `a pull request's revision gets the tag ${tag}, and Cloud Run takes ${most} characters for both; a name of ${most - tag.length} or less can have previews`,
    );
  return { number, tag, destroy: action === 'closed' };
}
