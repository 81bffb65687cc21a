import { ActionError, command, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { type DockerConfig, manifestDigest } from '@gangway/registry';
import type { Carrier } from './carrier.ts';
import { isPassing, refusedPush } from './failure.ts';

const TRIES = 4;
/** How often a tag is taken back that other builds on the engine use as well. */
const TURNS = 10;

/** What is pushed. */
export interface Pushed {
  /** As Docker writes it, without a tag. */
  readonly image: string;
  /** The image in the engine, by a name that only this step uses. */
  readonly own: string;
  readonly carrier: Carrier;
}

/**
 * Pushes an image out of the engine, for which Docker asks for a fresh token. The digest is the one that this very push
 * told: whatever the tag names afterwards may be another's.
 *
 * @returns the digest
 * @throws ActionError `push-failed`
 */
export async function push(
  { image, own, carrier }: Pushed,
  config: DockerConfig,
  auth: TokenClient,
): Promise<string> {
  const reference = `${image}:${carrier.tag}`;
  if (carrier.own) {
    const digest = (await pushOne(reference, config)) ?? (await manifestDigest(auth, image, carrier.tag));
    if (digest) return digest;
    throw new ActionError(`Docker pushed ${reference}, but the registry holds nothing there.`, {
      code: 'push-failed',
      hint: 'run the job again',
    });
  }
  for (let turn = 1; turn <= TURNS; turn++) {
    await command('docker', ['tag', own, reference], { env: config.env, quiet: true });
    const digest = await pushOne(reference, config);
    // The engine notes with an image what it was pushed as. Another build may have taken the tag just before the push.
    if (digest && (await digestsOf(own, config)).includes(digest)) return digest;
    log.info(`Another build on this engine took the name ${reference}: pushing again.`);
  }
  throw new ActionError(
    `${reference} could not be pushed: other builds on the same engine take that name again and again.`,
    {
      code: 'push-failed',
      hint: 'give the jobs that share the engine a concurrency group, or the deployer artifactregistry.tags.delete on the repository, with which each build pushes under a name of its own',
    },
  );
}

/**
 * Docker sends layers in parallel, and tries each up to five times; this handles a push that fails even so.
 *
 * @returns the digest that Docker says it pushed
 */
async function pushOne(reference: string, config: DockerConfig): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const { exitCode, stderr, stdout } = await command('docker', ['push', reference], {
      env: config.env,
      allowFailure: true,
    });
    if (exitCode === 0) return pushedDigest(stdout);
    if (config.failure()) throw config.failure();
    const said = stderr.trim() || stdout.trim().split('\n').at(-1) || `exit code ${exitCode}`;
    if (attempt === TRIES || !isPassing(said)) throw refusedPush(reference, said);
    log.info(`Pushing again; uploaded layers are not sent again: ${said}`);
  }
}

/** `TAG: digest: sha256:… size: 1234`, the last line of a push. */
function pushedDigest(output: string): string | undefined {
  return [...output.matchAll(/^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+\s*$/gm)].at(-1)?.[1];
}

/** The digests that the engine knows an image by in registries. */
async function digestsOf(image: string, { env }: DockerConfig): Promise<string[]> {
  const args = ['image', 'inspect', '--format', '{{json .RepoDigests}}', image];
  const { stdout } = await command('docker', args, { env, quiet: true });
  const known: unknown = JSON.parse(stdout);
  return Array.isArray(known) ? known.map((reference) => String(reference).replace(/^.*@/, '')) : [];
}
