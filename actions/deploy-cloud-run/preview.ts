import { log, type Stopwatch, writeSummary } from '@gangway/action';
import type { SignedIn } from '@gangway/auth';
import { commentOnPullRequest, endDeployments, recordDeployment } from '@gangway/github';
import { blocks, code, joined, url as linkTo, type Markdown, md } from '@gangway/markdown';
import { placeOf } from './api/place.ts';
import { deployRegions, type Regional } from './deploy/regions.ts';
import { sweep, takeDown } from './deploy/take-down.ts';
import { resolveImage } from './image.ts';
import type { Inputs } from './inputs.ts';
import { requireProvenance } from './provenance.ts';

/**
 * Deploys to every region; of a pull request beside what serves. GitHub shows it, where that is asked for.
 *
 * @param report tells what was done, also before a failure
 */
export async function deployAndTell(
  signedIn: SignedIn,
  inputs: Inputs,
  watch: Stopwatch,
  report: (done: readonly Regional[]) => Promise<void>,
): Promise<void> {
  const { client } = signedIn.credentials;
  const { deployment: environment, githubToken, preview, dryRun, kind, name } = inputs;
  const work = async () => {
    const image = await resolveImage(inputs, client);
    await requireProvenance(image, inputs, client);
    return deployRegions(signedIn, image, inputs, watch, report);
  };
  const isRecorded = environment && githubToken && !dryRun;
  const deployment = {
    environment: environment ?? '',
    subject: `cloud-run ${kind} ${name}`,
    isTransient: preview !== undefined,
  };
  const done = await (isRecorded ? recordDeployment(githubToken, deployment, work, urlOf) : work());
  if (preview && !dryRun) {
    for (const { inputs: here, outcome } of done)
      if (outcome.service) await sweep(placeOf(signedIn, here), outcome.service, here);
    await comment(inputs, previewed(inputs, done));
  }
}

/** Takes away what a pull request got, now that it is closed. */
export async function takeAway(signedIn: SignedIn, inputs: Inputs): Promise<void> {
  const { preview, regions, name, dryRun, deployment: environment, githubToken } = inputs;
  if (!preview) return;
  const left: string[] = [];
  let gone = false;
  for (const region of regions) {
    const here = { ...inputs, region };
    const result = await takeDown(placeOf(signedIn, here), preview.tag, here);
    gone ||= result.tag || result.deleted.length > 0;
    if (result.left) left.push(result.left);
  }
  const lead = dryRun
    ? 'Dry run: nothing was deleted.'
    : gone
      ? `The preview ${preview.tag} of ${name} was deleted.`
      : `There is no preview ${preview.tag} of ${name} anymore.`;
  log.info(lead);
  const more =
    left.length > 0
      ? md`${joined(left.map(code), ', ')} stays, without requests, until the next deploy.`
      : '';
  if (!dryRun) {
    if (githubToken && environment)
      await endDeployments(githubToken, { environment, subject: `cloud-run service ${name}` });
    await comment(inputs, md`The preview of ${code(name)} was deleted with this pull request.`);
  }
  await writeSummary({
    title: `Preview of ${name}`,
    lead,
    facts: [],
    parts: [],
    ...(more && { details: blocks(more) }),
  });
}

function urlOf(done: readonly Regional[]): string {
  const [first] = done;
  return first?.outcome.tagUrl || first?.outcome.url || '';
}

function previewed({ name, preview }: Inputs, done: readonly Regional[]): Markdown {
  const lines = done.map(({ inputs: { region }, outcome }) => {
    const where = done.length > 1 ? md` in ${region}` : '';
    return md`${code(name)}${where} is at ${linkTo(outcome.tagUrl)}, as ${code(outcome.revision)} of ${code(outcome.image)}.`;
  });
  return blocks(
    md`### Preview of ${name}`,
    ...lines,
    md`Only callers of the service itself may call it. It gets no other requests, and is deleted with this pull request (${code(preview?.tag ?? '')}).`,
  );
}

async function comment(inputs: Inputs, markdown: Markdown): Promise<void> {
  const { githubToken, name, regions } = inputs;
  if (githubToken)
    await commentOnPullRequest(
      githubToken,
      'deploy-cloud-run',
      `${name} ${regions.join(' ')}`,
      markdown,
      'preview',
    );
}
