import { ActionError } from '@gangway/action';
import { LATEST } from '../api/allocation.ts';
import type { Service } from '../api/resources.ts';

/**
 * The annotation of a service in which deploys write what served before them, newest first: Cloud Run itself keeps no
 * record of it. `hello-00002-abc=90,hello-00003-def=10; hello-00001-xyz=100`.
 */
const SERVED = 'gangway.dev/served';
/** How many are kept. */
const KEPT = 10;

/** Shares by revision. */
type Shares = Readonly<Record<string, number>>;

/**
 * The shares of what served before what serves now, for `traffic: previous`: the newest in which one that serves now had
 * nothing. So a canary goes back to before its first step, from whichever step, and the last.
 *
 * @throws ActionError where no deploy of Gangway has written it
 */
export function servedBefore(current: Service | undefined, name: string): Shares {
  const now = Object.keys(sharesOf(servingOf(current)));
  const found = recorded(current)
    .map(sharesOf)
    .find((shares) => now.some((id) => !shares[id]));
  if (found) return found;
  throw new ActionError(
    current
      ? `Input "traffic" asks for what served before, and ${name} has no record of it.`
      : `Input "traffic" asks for what served before, and there is no service ${name} yet.`,
    {
      code: 'input-invalid',
      hint: current
        ? `it is written by each deploy of this action; name the revision yourself: revision_traffic: REVISION=100, of those that "gcloud run revisions list --service=${name}" shows`
        : 'deploy it first',
    },
  );
}

/**
 * Annotations with the record of the service, which no file and no input takes away.
 *
 * @param moves whether what serves may change now, so that it is put in front
 */
export function withServed(
  annotations: Readonly<Record<string, string>> | undefined,
  current: Service | undefined,
  moves: boolean,
): Readonly<Record<string, string>> {
  const now = servingOf(current);
  const before = recorded(current);
  const isNews = moves && now !== '' && before[0] !== now;
  // Steps of a canary are one: all but the last are of no use.
  const rest = idsOf(before[0]) === idsOf(now) ? before.slice(1) : before;
  const entries = isNews ? [now, ...rest].slice(0, KEPT) : before;
  return { ...withoutServed(annotations), ...(entries.length > 0 && { [SERVED]: entries.join('; ') }) };
}

/** Annotations without what deploys write down for later ones, which is no setting. */
export function withoutServed(
  annotations: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(annotations ?? {}).filter(([name]) => !name.startsWith('gangway.dev/')),
  );
}

function recorded(current: Service | undefined): string[] {
  const text = current?.annotations?.[SERVED] ?? '';
  return text
    .split(';')
    .flatMap((entry) => (/^[a-z0-9-]+=\d+(,[a-z0-9-]+=\d+)*$/.test(entry.trim()) ? [entry.trim()] : []));
}

/** Which revisions, whatever their shares. */
function idsOf(entry = ''): string {
  return Object.keys(sharesOf(entry)).sort().join(',');
}

function sharesOf(entry: string): Shares {
  return Object.fromEntries(
    entry.split(',').flatMap((item) => {
      const [revision = '', percent] = item.split('=');
      return revision ? [[revision, Number(percent)] as const] : [];
    }),
  );
}

/** What serves, the latest revision by its name. */
function servingOf(current: Service | undefined): string {
  const ready = current?.latestReadyRevision?.split('/').at(-1);
  const shares = new Map<string, number>();
  for (const { type, revision, percent = 0 } of current?.traffic ?? []) {
    const id = type === LATEST || !revision ? ready : revision;
    if (id && percent > 0) shares.set(id, (shares.get(id) ?? 0) + percent);
  }
  return [...shares]
    .sort()
    .map(([id, percent]) => `${id}=${percent}`)
    .join(',');
}
