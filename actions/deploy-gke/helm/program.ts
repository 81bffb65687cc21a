import {
  ActionError,
  CLEANING_UP,
  type CommandOptions,
  type CommandResult,
  command,
  lastLines,
} from '@gangway/action';

/** The runner's helm. */
export interface Helm {
  /** @throws ActionError `helm-failed` with what it said */
  run(args: readonly string[], options?: Pick<CommandOptions, 'allowFailure'>): Promise<CommandResult>;
}

/** Variables by which helm would go to another cluster than the step's, or as another. */
const ELSEWHERE = /^(HELM_KUBE\w*|HELM_NAMESPACE|KUBECONFIG)$/;

/**
 * Makes sure that the runner has a helm that can do what is asked. Nothing goes over the network.
 *
 * @throws ActionError `helm-missing`, `helm-too-old`
 */
export async function checkHelm(): Promise<void> {
  const { stdout } = await command('helm', ['version', '--short'], { quiet: true }).catch(
    (error: unknown) => {
      if (!(error instanceof ActionError) || error.code !== 'command-missing') throw error;
      throw new ActionError('Input "chart" is set, and the runner has no helm.', {
        code: 'helm-missing',
        hint: 'install it in an earlier step, for example with azure/setup-helm; GitHub-hosted Ubuntu runners have it',
        cause: error,
      });
    },
  );
  const [, major = '', minor = ''] = /v(\d+)\.(\d+)/.exec(stdout) ?? [];
  // The first one that tries out a release against the server.
  if (Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 13)) return;
  throw new ActionError(`The runner's helm is ${stdout.trim() || 'of an unknown version'}.`, {
    code: 'helm-too-old',
    hint: 'install Helm 3.13 or newer in an earlier step, for example with azure/setup-helm',
  });
}

/** @param kubeconfig path of what leads to the cluster */
export function helmWith(kubeconfig: string): Helm {
  return {
    async run(args, { allowFailure = false } = {}) {
      const result = await command('helm', args, {
        env: { KUBECONFIG: kubeconfig },
        inherits: (name) => !ELSEWHERE.test(name),
        // Manifests have the values of Secrets.
        quiet: true,
        allowFailure: true,
        // It marks its release as failed then. One that it leaves pending takes no other upgrade.
        patience: CLEANING_UP,
      });
      if (result.exitCode === 0 || allowFailure) return result;
      throw failed(args[0] ?? '', result);
    },
  };
}

/** What helm said as it failed. */
export function failed(verb: string, { stdout, stderr }: CommandResult): ActionError {
  const said = lastLines(stderr, 12) || lastLines(stdout, 12);
  return new ActionError(`helm ${verb} failed:\n${said}`, { code: 'helm-failed', hint: hintFor(said) });
}

function hintFor(said: string): string {
  if (/another operation .* is in progress/.test(said))
    return 'wait until the other deploy has ended. If it was killed, roll back by hand: helm history RELEASE, then helm rollback RELEASE REVISION';
  if (/cannot \w+ resource "secrets"/.test(said))
    return 'allow the account to get, list, create, update and delete secrets in the namespace, where helm stores its releases';
  if (/missing in charts\/ directory/.test(said))
    return 'run "helm dependency build" on the chart in an earlier step';
  if (/repo .* not found/.test(said)) return 'run "helm repo add" in an earlier step';
  return 'fix what helm reports';
}
