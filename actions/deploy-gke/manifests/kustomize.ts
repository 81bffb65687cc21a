import { ActionError, command } from '@gangway/action';

const WAYS = [
  { program: 'kustomize', args: ['build'] },
  { program: 'kubectl', args: ['kustomize'] },
] as const;

/**
 * The objects of a kustomization as YAML, built by the runner's own `kustomize`, or else the one in its `kubectl`.
 *
 * @param path as the input has it, for messages
 * @param folder where it is
 * @throws ActionError `kustomize-missing` without either of them, `command-failed` with what it said
 */
export async function buildKustomization(path: string, folder: string): Promise<string> {
  for (const { program, args } of WAYS) {
    try {
      return (await command(program, [...args, folder], { quiet: true })).stdout;
    } catch (error) {
      if (error instanceof ActionError && error.code === 'command-missing') continue;
      throw error;
    }
  }
  throw new ActionError(
    `Input "manifests" names ${path}, which is a kustomization, and the runner has neither kustomize nor kubectl.`,
    {
      code: 'kustomize-missing',
      hint: 'install one of them in a step before, as GitHub-hosted runners have them; or name a file that "kustomize build" wrote',
    },
  );
}
