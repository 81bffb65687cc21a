import { endDeployments, recordDeployment } from '@gangway/github';
import type { Work } from '../plan/work.ts';
import type { Result } from './result.ts';

/** Shows the deploy on GitHub, where that is asked for; of a preview that is taken away, its end. */
export async function recorded({ inputs }: Work, work: () => Promise<Result>): Promise<Result> {
  const { deployment: environment, githubToken, preview, dryRun, gateway } = inputs;
  if (!environment || !githubToken || dryRun) return work();
  const subject = `api-gateway ${gateway}`;
  if (preview?.destroy) {
    const result = await work();
    await endDeployments(githubToken, { environment, subject });
    return result;
  }
  const deployment = { environment, subject, isTransient: preview !== undefined };
  return recordDeployment(githubToken, deployment, work, ({ urls }) => urls[0] ?? '');
}
