import { ActionError } from '@gangway/action';
import { LATEST } from '../../api/allocation.ts';
import type { Service } from '../../api/resources.ts';

/**
 * The annotation of a service in which deploys write what served before them, newest first: Cloud Run itself keeps no
 * record of it. `hello-00002-abc=90,hello-00003-def=10; hello-00001-xyz=100`.
 */
const SERVED = 'gangway.dev/served';
/** Before what serves since a step went back to it: `back hello-00001-xyz=100; hello-00002-abc=100`. */
const BACK = 'back ';
/** How many are kept. */
const KEPT = 10;

/** Shares by revision. */
type Shares = Readonly<Record<string, number>>;

/**
 * The shares of what served before what serves now, for `traffic: previous`: the newest in which one that serves now had
 * nothing. So a canary goes back to before its first step, from whichever step, and the last. What has gone back stays
 * there until the next deploy: a step that is run again must not go on to what failed, nor further back.
 *
 * @throws ActionError where no deploy of Gangway has written it
 */
export function servedBefore(current: Service | undefined, name: string): Shares {
  const now = sharesOf(servingOf(current));
  if (hasGoneBack(current)) return now;
  const found = recorded(current)
    .map(sharesOf)
    .find((shares) => Object.keys(now).some((id) => !shares[id]));
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
 * @param back what a step goes back to, of {@link servedBefore}
 */
export function withServed(
  annotations: Readonly<Record<string, string>> | undefined,
  current: Service | undefined,
  moves: boolean,
  back?: Shares,
): Readonly<Record<string, string>> {
  const now = servingOf(current);
  const before = recorded(current);
  const isNews = moves && now !== '' && before[0] !== now;
  // Steps of a canary are one: all but the last are of no use.
  const rest = idsOf(before[0]) === idsOf(now) ? before.slice(1) : before;
  const entries = isNews ? [now, ...rest].slice(0, KEPT) : before;
  const marks = moves ? (back ? [`${BACK}${entryOf(back)}`] : []) : markOf(current);
  const text = [...marks, ...entries].join('; ');
  return { ...withoutServed(annotations), ...(text && { [SERVED]: text }) };
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

/** The mark of a step that went back. */
function markOf(current: Service | undefined): string[] {
  const [first = ''] = (current?.annotations?.[SERVED] ?? '').split(';');
  return first.startsWith(BACK) ? [first.trim()] : [];
}

/** Whether what serves is what a step went back to, and nobody has moved it since. */
function hasGoneBack(current: Service | undefined): boolean {
  const [mark] = markOf(current);
  return mark !== undefined && mark.slice(BACK.length) === servingOf(current);
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
  return entryOf(Object.fromEntries(shares));
}

function entryOf(shares: Shares): string {
  return Object.entries(shares)
    .sort()
    .map(([id, percent]) => `${id}=${percent}`)
    .join(',');
}
