import { ActionError, command, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { type DockerConfig, manifestDigest } from '@gangway/registry';
import { isPassing, refusedPush } from './failure.ts';
import { type Tagged, tagPushed } from './tag-pushed.ts';

const TRIES = 4;

/**
 * Pushes an image out of the engine under its first tag, for which Docker asks for a fresh token; the others then
 * name what is there. The registry itself is asked what it holds: some clients have reported success for an image that
 * never arrived.
 *
 * @param image as Docker writes it, without a tag
 * @throws ActionError `push-failed`
 */
export async function push(
  image: string,
  tags: readonly string[],
  config: DockerConfig,
  auth: TokenClient,
): Promise<Tagged> {
  const [first, ...others] = tags;
  if (!first) throw new ActionError('There is no tag to push.', { code: 'input-missing' });
  const reference = `${image}:${first}`;
  const before = await manifestDigest(auth, image, first);
  await pushOne(reference, config);
  const digest = await manifestDigest(auth, image, first);
  if (!digest) {
    throw new ActionError(`Docker pushed ${reference}, but the registry holds nothing there.`, {
      code: 'push-failed',
      hint: 'run the job again; if another run pushes the same tag at the same time, give it a concurrency group',
    });
  }
  const tagged = await tagPushed(image, digest, others, auth);
  return { digest, before: new Map([[first, before], ...tagged.before]) };
}

/** Docker sends layers in parallel, each up to five times; what is left to do here is a push that gave up all the same. */
async function pushOne(reference: string, config: DockerConfig): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { exitCode, stderr, stdout } = await command('docker', ['push', reference], {
      env: config.env,
      allowFailure: true,
    });
    if (exitCode === 0) return;
    if (config.failure()) throw config.failure();
    const said = stderr.trim() || stdout.trim().split('\n').at(-1) || `exit code ${exitCode}`;
    if (attempt === TRIES || !isPassing(said)) throw refusedPush(reference, said);
    log.info(`Pushing again, what arrived is not sent again: ${said}`);
  }
}
