import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError, log, type Stopwatch } from '@gangway/action';
import { imagesIn, isJob, nameOf, nameOfImage, workloadKind } from '@gangway/kubernetes';
import { nodeAccounts } from '../cluster/cluster.ts';
import type { Opened } from '../cluster/open.ts';
import type { Outcome } from '../deploy/deploy.ts';
import { waitForRollouts } from '../deploy/rollouts.ts';
import { show } from '../deploy/show.ts';
import type { ReleaseWork } from '../inputs/release.ts';
import type { Inputs } from '../inputs.ts';
import { compareRelease } from './compare.ts';
import { goBack } from './go-back.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { failed, type Helm, helmWith } from './program.ts';
import { currentRelease, type Release, readRelease } from './release.ts';
import { imageSettings, treeOf } from './values.ts';
import { whyFailed } from './why-failed.ts';

/**
 * Installs or upgrades a release by the runner's helm, which gets a kubeconfig of the step's own, and the image among the values.
 *
 * @param image by digest where its registry is Google's; undefined where the chart keeps its own
 * @param report gets what was done, also before a failure
 * @throws ActionError `helm-failed`, `image-unused`, `not-ready`, `rolled-back`
 */
export async function deployRelease(
  opened: Opened,
  inputs: Inputs & { readonly work: ReleaseWork },
  image: string | undefined,
  watch: Stopwatch,
  report: (outcome: Outcome) => Promise<void>,
): Promise<void> {
  const { api, cluster, projectId, way, client } = opened;
  const { work, namespace, dryRun, rollback } = inputs;
  await using kubeconfig = await writeKubeconfig(way, namespace, client);
  const helm = helmWith(kubeconfig.path);
  const place = [work.name, `--namespace=${namespace}`];
  const upgrade = await upgradeArguments(helm, inputs, image, join(kubeconfig.folder, 'values'));
  const { now, before, plan } = await watch.time('compare', async () => {
    const tried = await helm.run([...upgrade, '--dry-run=server']);
    const now = readRelease(tried.stdout);
    if (image !== undefined) checkImage(now, image);
    const before = await currentRelease(helm, place);
    return { now, before, plan: await compareRelease(api, namespace, now, before) };
  });
  const { items, left, isUnchanged } = plan;
  show(
    items,
    left.map((name) => `${name} is no longer in the chart, and is deleted.`),
  );
  const outcome: Outcome = { items, applied: [], pruned: [], ...(before && { revision: before.revision }) };
  const changed = items.filter(({ change }) => change !== 'unchanged').map(({ wanted }) => nameOf(wanted));
  if (dryRun) {
    outcome.applied.push(...changed);
    outcome.pruned.push(...left);
    return report(outcome);
  }
  const nodes = { accounts: nodeAccounts(cluster), projectId };
  if (isUnchanged) {
    log.info(
      `Revision ${before?.revision} of the release ${work.name} already matches the chart and the values.`,
    );
    const deadline = performance.now() + inputs.timeout;
    const rollouts = items.flatMap((item) =>
      item.live && workloadKind(item.wanted) ? [{ item, ours: item.live }] : [],
    );
    await watch
      .time('rollout', () => waitForRollouts(rollouts, { api, deadline, rollback: false, nodes }))
      .finally(() => report(outcome));
    return;
  }
  try {
    log.info(`helm upgrades the release ${work.name}, and waits for its pods.`);
    const timeout = `--timeout=${Math.ceil(inputs.timeout / 1000)}s`;
    const args = [...upgrade, '--wait', '--wait-for-jobs', timeout];
    const result = await watch.time('helm', () => helm.run(args, { allowFailure: true }));
    if (result.exitCode !== 0) {
      const error = failed('upgrade', result);
      const jobs = now.hooks.filter(({ object }) => isJob(object)).map(({ object }) => object);
      const why = await whyFailed(api, items, jobs, namespace, nodes);
      const back = rollback ? await goBack(helm, place, before) : undefined;
      throw new ActionError([error.message, why.text, back].filter(Boolean).join('\n'), {
        code: back ? 'rolled-back' : 'not-ready',
        hint: why.text ? why.hint : error.hint,
        cause: error,
      });
    }
    outcome.applied.push(...changed);
    outcome.pruned.push(...left);
    outcome.revision = readRelease(result.stdout).revision;
    log.info(`Revision ${outcome.revision} of the release ${work.name} is deployed.`);
  } finally {
    await report(outcome);
  }
}

async function upgradeArguments(
  helm: Helm,
  { work, namespace, createNamespace }: Inputs & { readonly work: ReleaseWork },
  image: string | undefined,
  file: string,
): Promise<readonly string[]> {
  const { name, chart, version, valueFiles, values, imageKeys } = work;
  const which = version === undefined ? [] : [`--version=${version}`];
  const settings = [...values];
  if (image !== undefined) {
    const { stdout } = await helm.run(['show', 'values', chart, ...which]);
    settings.push(...imageSettings(stdout, imageKeys, image));
  }
  // By file, as values may be secrets, and everybody on the machine sees arguments.
  await writeFile(file, JSON.stringify(treeOf(settings)), { mode: 0o600 });
  return [
    ...['upgrade', '--install', name, chart, ...which, `--namespace=${namespace}`],
    ...(createNamespace ? ['--create-namespace'] : []),
    ...[...valueFiles, file].map((one) => `--values=${one}`),
    '--output=json',
  ];
}

/** A chart that keeps another image has not understood the values. */
function checkImage({ objects, hooks }: Release, image: string): void {
  const all = [...objects, ...hooks].flatMap(({ object }) => imagesIn(object));
  const digest = image.split('@')[1];
  const isThere = all.some((one) =>
    digest ? nameOfImage(one) === nameOfImage(image) && one.endsWith(`@${digest}`) : one === image,
  );
  if (isThere) return;
  throw new ActionError(`Input "image" is ${image}, but no container of the chart uses it.`, {
    code: 'image-unused',
    hint: `set image_value to the path of the container's image in the values; the containers use ${[...new Set(all)].join(', ') || 'no images'}`,
  });
}
