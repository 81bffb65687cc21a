import { randomBytes } from 'node:crypto';
import { cancellation, createScratch, log, type Stopwatch } from '@gangway/action';
import { type Fly, flyClient, type Lock, lockDeploys, type Machine } from '@gangway/fly';
import { ensureApp, stepToken } from './app/access.ts';
import { sourceImage } from './app/build.ts';
import { checkBuild } from './app/check-build.ts';
import { type Identity, writeIdentity } from './app/google-identity.ts';
import { type DeployImage, provideImage } from './app/image.ts';
import { attachPostgres } from './app/postgres.ts';
import { type StagedSecrets, stageSecrets } from './app/secrets.ts';
import { type FlyConfig, readFlyConfig } from './flyctl/fly-config.ts';
import { type Flyctl, prepareFlyctl } from './flyctl/flyctl.ts';
import { makeFlyctlFolder } from './flyctl/folder.ts';
import { installFlyctl } from './flyctl/install.ts';
import type { Inputs } from './inputs.ts';

/** All that a deploy works with, once everybody else has been waited for. */
export interface Work {
  readonly inputs: Inputs;
  readonly app: string;
  readonly fly: Fly;
  readonly flyctl: Flyctl;
  readonly config: FlyConfig;
  readonly image: DeployImage;
  /** The machines that the deploy is about, before anything was done. */
  readonly before: readonly Machine[];
  readonly staged: StagedSecrets;
  /** What machines get to sign in to Google. */
  readonly identity: Identity | undefined;
  readonly watch: Stopwatch;
}

/** What the lock tells those that wait for it. */
interface Left {
  readonly machines: readonly Machine[];
  readonly mark?: Readonly<Record<string, string>>;
}

/**
 * Prepares a deploy, holds the app's lock while `carryOut` does it, and lets the lock go whatever came of it.
 */
export async function withWork<T extends Left>(
  inputs: Inputs,
  app: string,
  fly: Fly,
  watch: Stopwatch,
  carryOut: (work: Work) => Promise<T>,
): Promise<T> {
  const scratch = await createScratch();
  const folder = await makeFlyctlFolder(scratch);
  const installed = await watch.time('flyctl', () => installFlyctl(inputs.flyctl, scratch, folder));
  log.info(`${installed.version}, at ${installed.path}.`);
  // fly.toml is read before anything is asked of Fly.
  const identity = await writeIdentity(inputs.identity, scratch);
  const config = await readFlyConfig(prepareFlyctl(installed, folder, inputs.token), inputs.config, app);
  checkBuild(config, inputs);
  await ensureApp(fly, inputs, app);
  const token = await stepToken(fly, inputs.token, app);
  const flyctl = prepareFlyctl(installed, folder, token);
  const source = await watch.time('build', () => sourceImage(flyctl, inputs, config, app, token, scratch));
  const image = await watch.time('image', () => provideImage({ ...inputs, image: source }, app, token));
  const lock = await watch.time('lock', () => takeLock(inputs, app));
  let done: T | undefined;
  try {
    const before = lock.machines.filter(inputs.options.within);
    inputs.options.refuseNone(app, lock.machines, before);
    await attachPostgres(fly, flyctl, app, inputs, () => prepareFlyctl(installed, folder, inputs.token));
    const staged = await watch.time('secrets', () => stageSecrets(fly, flyctl, app, inputs));
    const work = { inputs, app, fly, flyctl, config, image, before, staged, identity, watch };
    done = await carryOut(work);
    return done;
  } finally {
    // A cancelled step lets it go too, by calls that are not cancelled; else it ends by itself.
    await lock.release(done?.machines, done?.mark).catch((error: unknown) => log.debug(String(error)));
  }
}

function takeLock({ token, lockTimeout }: Inputs, app: string): Promise<Lock> {
  return lockDeploys(flyClient(token), app, {
    holder: holder(),
    timeout: lockTimeout,
    signal: cancellation,
    onWait: log.info,
  });
}

/** The run, as others that wait for it may look it up. */
function holder(): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  const { GITHUB_JOB: job, GITHUB_RUN_ATTEMPT: attempt = '1' } = process.env;
  // The jobs of a matrix have one name.
  const own = randomBytes(3).toString('hex');
  return `${server}/${repository}/actions/runs/${run}/attempts/${attempt} (job ${job}, ${own})`;
}
