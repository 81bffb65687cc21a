import { ActionError, input, invalid } from '@gangway/action';
import { pullRequest } from '@gangway/github';
import type { Names } from './names.ts';

/** The gateway that a pull request gets. */
export interface Preview {
  /** `pr-NUMBER`, also the label of what was made for it. */
  readonly name: string;
  /** Whether it was closed, so that all of that goes. */
  readonly destroy: boolean;
}

const LONGEST = 49;

/**
 * The preview that `pull_request` asks for.
 *
 * @throws ActionError where the run is for no pull request
 */
export function readPreview(): Preview | undefined {
  if (!input.boolean('pull_request')) return undefined;
  const event = pullRequest();
  if (!event)
    throw new ActionError('Input "pull_request" is true, but this run is not for a pull request.', {
      code: 'no-pull-request',
      hint: 'run the job on: pull_request, with types opened, reopened, synchronize and closed',
    });
  return { name: `pr-${event.number}`, destroy: event.action === 'closed' };
}

/** The names, the gateway's with that of the preview. @throws ActionError where it gets too long */
export function previewNames(names: Names, preview: Preview | undefined): Names {
  if (!preview) return names;
  const gateway = `${names.gateway}-${preview.name}`;
  if (gateway.length > LONGEST)
    throw invalid(
      'gateway',
      names.gateway,
      `with pull_request it becomes ${gateway}, and API Gateway takes ${LONGEST} characters; use a shorter one`,
    );
  return { ...names, gateway };
}
