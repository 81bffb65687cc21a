import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, cancellation, log, seconds } from '@gangway/action';
import { instancePath, type Place } from '../place.ts';
import { stateOf } from './state.ts';

/** Times that a container may end before it counts as broken: it may wait for what starts with it. */
const TRIES = 2;

/** What a machine is waited for to say. */
export interface Expected {
  readonly id: string;
  readonly image: string;
  /** What it said before it was restarted, which doesn't count; undefined for a new machine. */
  readonly since: string | undefined;
}

/**
 * Waits until a machine says itself that it runs the image with the configuration that this run gave it.
 *
 * @throws ActionError `container-failed` with the machine's words, `timeout` when it says nothing of it
 */
export async function untilRunning(
  place: Place,
  name: string,
  { id, image, since }: Expected,
): Promise<void> {
  const start = performance.now();
  const ended = new Set<string>();
  let told = start;
  let last = '';
  for (let delay = 500; ; delay = Math.min(delay * 1.5, 2000)) {
    const said = await stateOf(place, instancePath(place, name));
    const isOwn = said?.id === id && said.began !== since;
    if (isOwn) {
      if (said.state === 'running') return checkImage(name, said.detail, image);
      if (said.state === 'failed') ended.add(said.began);
      if (ended.size >= TRIES || (said.state === 'failed' && isFinal(said.detail)))
        throw new ActionError(`The container of ${name} doesn't run: ${said.detail}.`, {
          code: 'container-failed',
          hint: cure(name, said.detail),
        });
      last = `${said.state} ${said.detail}`;
    }
    const now = performance.now();
    if (now - told > 15_000) {
      told = now;
      log.info(`${name}: ${last || 'the machine has said nothing yet'} after ${seconds(now - start)}…`);
    }
    if (place.left() <= 1000) throw tooLong(name, last, now - start);
    await sleep(delay, undefined, { signal: cancellation });
  }
}

/** What the machine tried several times itself. */
function isFinal(detail: string): boolean {
  return detail.startsWith("the image can't be pulled");
}

function checkImage(name: string, runs: string, image: string): void {
  if (runs === image) return;
  throw new ActionError(`The machine ${name} says that it runs ${runs}, not ${image}.`, {
    code: 'container-failed',
    hint: 'look at the machine with gcloud compute ssh; someone else may have started a container of this name',
  });
}

function cure(name: string, detail: string): string {
  if (/denied|unauthorized|403|forbidden/i.test(detail) && detail.startsWith('the image'))
    return 'let the account of the machine read the repository: gcloud artifacts repositories add-iam-policy-binding REPOSITORY --location=LOCATION --member="serviceAccount:ACCOUNT" --role=roles/artifactregistry.reader';
  if (detail.startsWith('the secret'))
    return 'let the account of the machine read the secret: gcloud secrets add-iam-policy-binding SECRET --member="serviceAccount:ACCOUNT" --role=roles/secretmanager.secretAccessor';
  if (/logging driver/.test(detail))
    return /has not been used|disabled/.test(detail)
      ? 'enable Cloud Logging: gcloud services enable logging.googleapis.com; or write log_driver: none'
      : 'let the account of the machine write logs: gcloud projects add-iam-policy-binding PROJECT --member="serviceAccount:ACCOUNT" --role=roles/logging.logWriter; or write log_driver: none';
  if (/exec format error/i.test(detail))
    return 'build the image for the architecture of the machine: linux/amd64, or linux/arm64 for machine types of Arm';
  return `run the image with the same settings on your machine, or look at the log of the container: gcloud compute ssh ${name} -- sudo journalctl -u 'gangway-*'`;
}

function tooLong(name: string, last: string, elapsed: number): ActionError {
  return new ActionError(
    `The machine ${name} didn't say within ${seconds(elapsed)} that the container runs${last ? `; it said "${last.trim()}" last` : ''}.`,
    {
      code: 'timeout',
      hint: last
        ? 'raise "timeout" if the image is large'
        : 'check that the machine reaches Google (an external address, Private Google Access or Cloud NAT), and that no organization policy disables guest attributes; or raise "timeout"',
    },
  );
}
