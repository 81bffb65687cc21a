import { createHash } from 'node:crypto';
import { type AppSecret, type Machine, metadataOf } from '@gangway/fly';

/** What a deploy is made of: two of the same are one. */
export interface Ingredients {
  readonly digests: readonly string[];
  readonly config: string;
  readonly secrets: readonly AppSecret[];
  /** What machines get to sign in to Google. */
  readonly identity: string | undefined;
  /** What flyctl is told beside the configuration. */
  readonly flags: readonly string[];
}

/** The key of a machine's metadata that tells what was last deployed by this action. */
const KEY = 'gangway_deployed';

/** A hash of all that a deploy is made of; undefined where the image may change under its name. */
export function fingerprint({ digests, config, secrets, identity, flags }: Ingredients): string | undefined {
  const [digest] = digests;
  if (!digest) return undefined;
  const parts = JSON.stringify([
    digest,
    config,
    secrets.map(({ name, digest: of }) => [name, of]),
    identity,
    flags,
  ]);
  return createHash('sha256').update(parts).digest('hex').slice(0, 32);
}

/**
 * The release that made an app what this fingerprint says; undefined if it is something else by now. The mark stands
 * with its release: a deploy by anyone else gives machines another.
 */
export function standingRelease(
  machines: readonly Machine[],
  print: string | undefined,
): { id: string; version: string } | undefined {
  const marks = machines.flatMap((machine) => metadataOf(machine)[KEY] ?? []);
  const releases = new Set(machines.map((machine) => metadataOf(machine).fly_release_id));
  const [id] = releases;
  if (!print || !id || releases.size !== 1 || !marks.includes(`${print} ${id}`)) return undefined;
  const version = machines.map((machine) => metadataOf(machine).fly_release_version).find(Boolean);
  return { id, version: version ?? '' };
}

/** What marks an app as deployed; its machines take the mark along when flyctl updates them, but get another release. */
export function deployedMark(print: string | undefined, release: string): Readonly<Record<string, string>> {
  return print ? { [KEY]: `${print} ${release}` } : {};
}
