import { ActionError } from '@gangway/action';

/** Why a builder that pushes by itself could not, or undefined when its failure is another. */
export function pushErrorIn(output: string): string | undefined {
  return /^ERROR: (?:failed to build: )?(?:failed to solve: )?(failed to push .*)$/m.exec(output)?.[1];
}

/**
 * Layers that arrived are not sent again, so trying once more is cheap; a token that ended on the way is requested again, and an upload that
 * the registry doesn't know had ended there when its answer was lost.
 */
export function isPassing(said: string): boolean {
  return /\b(401|408|429|500|502|503|504)\b|timeout|connection re(set|fused)|EOF|broken pipe|TLS handshake|temporarily|toomanyrequests|unauthorized|authentication (failed|required)|oauth token|upload unknown/i.test(
    said,
  );
}

/** The error for a push that the registry did not take. */
export function refusedPush(reference: string, said: string): ActionError {
  const permission = /Permission "([\w.]+)"/.exec(said)?.[1];
  return new ActionError(`Pushing ${reference} failed: ${said}`, {
    code: 'push-failed',
    hint: permission
      ? `grant the account that deploys a role with ${permission}, such as roles/artifactregistry.writer, on the repository`
      : isPassing(said)
        ? 'run the job again, which sends only what is missing; if it persists, look at status.cloud.google.com'
        : undefined,
  });
}
