import { ActionError } from '@gangway/action';
import { type Manifest, readManifests } from '@gangway/kubernetes';
import { maskSecret } from '../manifests/mask-secret.ts';
import { failed, type Helm } from './program.ts';

/** A revision of a release, as helm tells of it in JSON. */
export interface Release {
  readonly revision: number;
  /** e.g. `deployed`, `failed`, `pending-upgrade` */
  readonly status: string;
  readonly objects: readonly Manifest[];
  /** What helm runs before and after, such as Jobs of migrations. */
  readonly hooks: readonly Manifest[];
  /** What has to be the same for it to be the same release. */
  readonly fingerprint: string;
}

/** The newest revision; undefined where there is none. @throws ActionError `helm-failed` */
export async function currentRelease(helm: Helm, place: readonly string[]): Promise<Release | undefined> {
  const args = ['status', ...place, '--output=json'];
  const result = await helm.run(args, { allowFailure: true });
  if (result.exitCode === 0) {
    // The status leaves out which chart it is of.
    const metadata = await helm.run(['get', 'metadata', ...place, '--output=json']);
    return readRelease(result.stdout, Object(parsed(metadata.stdout)).version);
  }
  if (/release: not found/.test(result.stderr)) return undefined;
  throw failed('status', result);
}

/** The revision to go back to: the newest before that one which ran. */
export async function revisionBefore(
  helm: Helm,
  place: readonly string[],
  revision: number,
): Promise<number | undefined> {
  const { stdout } = await helm.run(['history', ...place, '--output=json']);
  const all = parsed(stdout);
  const ran = (Array.isArray(all) ? all : []).filter(
    (one) => Object(one).revision < revision && /^(deployed|superseded)$/.test(String(Object(one).status)),
  );
  const last: unknown = Object(ran.at(-1)).revision;
  return typeof last === 'number' ? last : undefined;
}

/**
 * Reads what helm prints of a release; values of Secrets in it are masked.
 *
 * @param chart version of the chart, where it is not in the text
 * @throws ActionError `helm-failed`
 */
export function readRelease(text: string, chart?: unknown): Release {
  const value = Object(parsed(text)) as Record<string, unknown>;
  const { version, manifest, hooks, config, info } = value;
  const status: unknown = Object(info).status;
  if (typeof version !== 'number' || typeof manifest !== 'string' || typeof status !== 'string')
    throw new ActionError("helm's output about the release can't be read.", {
      code: 'helm-failed',
      hint: 'check the version of helm: 3.13 and newer print it in JSON',
    });
  const list = (Array.isArray(hooks) ? hooks : []).map((hook) => String(Object(hook).manifest));
  const read = {
    objects: readManifests('the release', manifest),
    hooks: list.flatMap((one) => readManifests('a hook of the release', one)),
  };
  for (const { object } of [...read.objects, ...read.hooks]) maskSecret(object);
  const chartVersion: unknown = chart ?? Object(Object(value.chart).metadata).version;
  return {
    ...read,
    revision: version,
    status,
    fingerprint: JSON.stringify([manifest.trim(), list, config ?? null, chartVersion ?? null]),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
