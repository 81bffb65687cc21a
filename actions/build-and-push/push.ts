import { ActionError, command, log } from '@gangway/action';
import type { TokenClient } from '@gangway/auth';
import { type DockerConfig, manifestDigest } from '@gangway/registry';

const TRIES = 3;

export interface Pushed {
  /** Digest of the manifest. */
  readonly digest: string;
  /** Whether a tag names another image than before. */
  readonly changed: boolean;
}

/**
 * Pushes each reference, for which Docker asks for a fresh token, then asks the registry itself what it holds: some clients have
 * reported success for an image that never arrived.
 *
 * @param references Docker references of one image, `HOST/PATH:TAG`
 * @throws ActionError `push-failed`
 */
export async function push(
  references: readonly string[],
  config: DockerConfig,
  auth: TokenClient,
): Promise<Pushed> {
  let digest: string | undefined;
  let changed = false;
  for (const reference of references) {
    const [image = '', tag = ''] = splitTag(reference);
    const before = await manifestDigest(auth, image, tag);
    await pushOne(reference, config);
    const held = await manifestDigest(auth, image, tag);
    if (!held || (digest && held !== digest)) {
      throw new ActionError(
        `Docker pushed ${reference}, but the registry holds ${held ?? 'nothing'} there.`,
        {
          code: 'push-failed',
          hint: 'run the job again; if another run pushes the same tag at the same time, give it a concurrency group',
        },
      );
    }
    digest = held;
    changed ||= held !== before;
  }
  if (!digest) throw new ActionError('There is no tag to push.', { code: 'input-missing' });
  return { digest, changed };
}

async function pushOne(reference: string, config: DockerConfig): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { exitCode, stderr, stdout } = await command('docker', ['push', reference], {
      env: config.env,
      allowFailure: true,
    });
    if (exitCode === 0) return;
    if (config.failure()) throw config.failure();
    const said = stderr.trim() || stdout.trim().split('\n').at(-1) || `exit code ${exitCode}`;
    if (attempt === TRIES || !isPassing(said)) throw refused(reference, said);
    log.info(`Pushing again: ${said}`);
  }
}

/** Layers that arrived are not sent again, so trying once more is cheap; a token that ended on the way is asked for anew. */
function isPassing(said: string): boolean {
  return /\b(401|429|500|502|503|504)\b|timeout|connection reset|EOF|broken pipe|TLS handshake|temporarily|unauthorized|authentication (failed|required)|oauth token/i.test(
    said,
  );
}

function refused(reference: string, said: string): ActionError {
  const permission = /Permission "([\w.]+)"/.exec(said)?.[1];
  return new ActionError(`Pushing ${reference} failed: ${said}`, {
    code: 'push-failed',
    hint: permission
      ? `grant the account that deploys a role with ${permission}, such as roles/artifactregistry.writer, on the repository`
      : undefined,
  });
}

function splitTag(reference: string): [string, string] {
  const at = reference.lastIndexOf(':');
  return [reference.slice(0, at), reference.slice(at + 1)];
}
