import { ActionError, type CommandResult } from '@gangway/action';

/** The error for a builder that buildx does not know. */
export function unknownBuilder(wanted: string | undefined, said: string): ActionError {
  const message = wanted
    ? `Input "builder" names ${wanted}, which buildx does not know: ${said}`
    : `buildx has no builder to use: ${said}`;
  return new ActionError(message, {
    code: 'builder-missing',
    hint: 'create it with docker/setup-buildx-action and set this to its output "name", or leave builder out',
  });
}

/**
 * The error for a builder that could not be started, or not be spoken to.
 *
 * @param inspected what `docker buildx inspect --bootstrap` said
 */
export function unreachableBuilder(
  wanted: string | undefined,
  driver: string,
  { stdout, stderr }: CommandResult,
): ActionError {
  const said =
    [...stderr.matchAll(/^ERROR: (.*)$/gm)].at(-1)?.[1] ??
    /^Error:[ \t]+(.*)$/m.exec(stdout)?.[1] ??
    stderr.trim().split('\n').at(-1) ??
    '';
  return new ActionError(
    `The builder ${wanted ?? 'that is current'} (driver ${driver}) does not answer: ${said}`,
    { code: 'builder-unreachable', hint: cure(wanted, driver, said) },
  );
}

function cure(wanted: string | undefined, driver: string, said: string): string {
  if (driver === 'kubernetes') {
    if (/is forbidden: User /.test(said))
      return 'let the account of the kubeconfig get, create and delete deployments and configmaps, list pods and create pods/exec in the namespace; README.md of build-and-push has the Role';
    if (/\bUnauthorized\b/.test(said))
      return 'sign in to the cluster in this job, before the builder is made, such as with google-github-actions/get-gke-credentials: tokens in a kubeconfig expire';
    if (/replicas to be ready/.test(said))
      return 'its pods don\'t get ready: "kubectl get pods" and "kubectl describe pod" in its namespace say why (no such image, no room, privileged pods refused); driver-opts "timeout" gives them longer';
  }
  return `see "docker buildx inspect --bootstrap${wanted ? ` ${wanted}` : ''}", and create it again with docker/setup-buildx-action if it is gone`;
}
