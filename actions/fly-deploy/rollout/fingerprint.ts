import { createHash } from 'node:crypto';
import { type AppSecret, type Machine, metadataOf } from '@gangway/fly';

/** What a deploy is made of: two of the same are one. */
export interface Ingredients {
  readonly digests: readonly string[];
  readonly config: string;
  /** Paths and hashes of the other files that flyctl reads. */
  readonly files: readonly (readonly [string, string])[];
  readonly secrets: readonly AppSecret[];
  /** What machines get to sign in to Google. */
  readonly identity: string | undefined;
  /** What flyctl is told beside the configuration. */
  readonly flags: readonly string[];
}

/** The key of a machine's metadata that tells what was last deployed by this action. */
const KEY = 'gangway_deployed';
/** Digits of a hash that a mark keeps of a configuration. */
const SHORT = 12;

/** A hash of all that a deploy is made of; undefined where the image may change under its name. */
export function fingerprint({
  digests,
  config,
  files,
  secrets,
  identity,
  flags,
}: Ingredients): string | undefined {
  const [digest] = digests;
  if (!digest) return undefined;
  const named = secrets.map(({ name, digest: of }) => [name, of]);
  return sha256([digest, config, files, named, identity, flags]).slice(0, 32);
}

/**
 * The release that made an app what this fingerprint says; undefined if it is something else by now. The mark stands
 * with its release and with the configurations that it gave machines: a deploy by anyone else gives machines another
 * release, and `fly machine update` another configuration.
 *
 * @param hasSize whether fly.toml or an input says the size of machines
 */
export function standingRelease(
  machines: readonly Machine[],
  print: string | undefined,
  hasSize: boolean,
): { id: string; version: string } | undefined {
  const releases = new Set(machines.map((machine) => metadataOf(machine).fly_release_id));
  const [id] = releases;
  if (!print || !id || releases.size !== 1) return undefined;
  const marks = machines.flatMap((machine) => metadataOf(machine)[KEY] ?? []);
  const mark = marks.find((text) => text.startsWith(`${print} ${id} `));
  const known = mark?.split(' ')[2]?.split(',') ?? [];
  if (!machines.every((machine) => known.includes(configurationOf(machine, hasSize)))) return undefined;
  const version = machines.map((machine) => metadataOf(machine).fly_release_version).find(Boolean);
  return { id, version: version ?? '' };
}

/**
 * What marks machines as deployed; they take the mark along when flyctl updates them, but get another release.
 * @param machines as the deploy left them
 */
export function deployedMark(
  print: string | undefined,
  release: string,
  machines: readonly Machine[],
  hasSize: boolean,
): Readonly<Record<string, string>> {
  if (!print) return {};
  const known = [...new Set(machines.map((machine) => configurationOf(machine, hasSize)))].sort();
  return { [KEY]: `${print} ${release} ${known.join(',')}` };
}

/**
 * A hash of a machine's configuration without metadata, and without what is its own among those of its group: its volume and
 * whom it stands by for. The size counts where it was said; else it is what `fly scale` made of it, and stays so.
 */
function configurationOf({ config, incomplete_config: incomplete }: Machine, hasSize: boolean): string {
  const {
    metadata,
    mounts,
    standbys: _,
    guest,
    env,
    ...rest
  } = Object(config ?? incomplete) as Configuration;
  const { FLY_STANDBY_FOR: _for, ...variables } = env ?? {};
  const paths = mounts?.map(({ path, name }) => [path, name]);
  const size = hasSize ? guest : undefined;
  const all = sorted([metadata?.fly_process_group, variables, paths, size, rest]);
  return sha256(all).slice(0, SHORT);
}

interface Configuration extends Record<string, unknown> {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly mounts?: readonly { readonly path?: string; readonly name?: string }[];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return entries.map(([name, field]) => [name, sorted(field)]);
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
