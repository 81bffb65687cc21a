import { input, invalid } from '@gangway/action';
import { readQuestion } from '@gangway/settings';

/** How requests are to be spread. */
export interface TrafficInputs {
  /** What is asked for, or undefined to leave it as it is. */
  readonly split: Split | undefined;
  /** To point at the new revision. */
  readonly tag: string | undefined;
  readonly check: Check | undefined;
}

export type Split =
  /** A share of the new revision; the rest stays with what serves. */
  | { readonly latest: number }
  /** Shares by revision; the rest is spread over what serves. */
  | { readonly revisions: Readonly<Record<string, number>> }
  /** What served before what serves now. */
  | { readonly previous: true }
  /** The same by tag. */
  | { readonly tags: Readonly<Record<string, number>> };

/** What to ask of a new revision before it is trusted. */
export interface Check {
  /** A path, asked at a URL of the revision's own before it gets requests; or a whole URL, asked once it does. */
  readonly url: string;
  /** Default GET. */
  readonly method?: string | undefined;
  /** What it must be answered with; undefined is any from 200 to 299. */
  readonly status?: number | undefined;
  /** Milliseconds until it must be answered well. */
  readonly timeout: number;
  /** Whose ID token a private service is shown. */
  readonly as: string | undefined;
}

const TAG = /^[a-z]([a-z0-9-]{0,44}[a-z0-9])?$/;

/**
 * @param timeout of the step in milliseconds, which a check doesn't outlast
 * @throws ActionError that names the input
 */
export function readTraffic(timeout: number): TrafficInputs {
  const noTraffic = input.boolean('no_traffic');
  const isBack = input.optional('traffic') === 'previous';
  const traffic = isBack ? 'previous' : input.integer('traffic', { min: 0, max: 100 });
  const revisions = readShares('revision_traffic', input.list('revision_traffic'));
  const tags = readShares('tag_traffic', input.list('tag_traffic'));
  const named = Object.entries({
    traffic,
    no_traffic: noTraffic || undefined,
    revision_traffic: revisions,
    tag_traffic: tags,
  }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (named.length > 1)
    throw invalid(named[1] ?? '', '…', `it can't go with ${named[0]}; keep one of ${named.join(', ')}`);
  const tag = input.optional('tag');
  if (tag !== undefined && !TAG.test(tag))
    throw invalid(
      'tag',
      tag,
      'use lower-case letters, digits and dashes, starting with a letter, 46 at most',
    );
  return {
    split: splitOf({ traffic: noTraffic ? 0 : traffic, revisions, tags }),
    tag,
    check: readCheck(timeout),
  };
}

function splitOf(given: {
  traffic: number | 'previous' | undefined;
  revisions: Readonly<Record<string, number>> | undefined;
  tags: Readonly<Record<string, number>> | undefined;
}): Split | undefined {
  if (given.traffic === 'previous') return { previous: true };
  if (given.traffic !== undefined) return { latest: given.traffic };
  if (given.revisions) return { revisions: given.revisions };
  return given.tags && { tags: given.tags };
}

function readShares(name: string, items: readonly string[]): Readonly<Record<string, number>> | undefined {
  if (items.length === 0) return undefined;
  const shares: Record<string, number> = {};
  for (const item of items) {
    const [, target = '', percent = ''] = /^([\w-]+)=(\d{1,3})$/.exec(item) ?? [];
    if (!target || Number(percent) > 100) throw invalid(name, item, 'write NAME=PERCENT, 0 to 100');
    if (Object.hasOwn(shares, target)) throw invalid(name, item, `${target} is listed twice; keep one`);
    shares[target] = Number(percent);
  }
  const sum = Object.values(shares).reduce((total, percent) => total + percent, 0);
  if (sum > 100) throw invalid(name, items.join(','), `the shares add up to ${sum}, more than 100`);
  return shares;
}

function readCheck(most: number): Check | undefined {
  const text = input.optional('check_url');
  const timeout = Math.min(input.duration('check_timeout'), most);
  const as = input.optional('check_as');
  if (text === undefined) {
    if (as !== undefined)
      throw invalid(
        'check_as',
        as,
        'nothing is requested with its token: write check_url too, or leave it out',
      );
    return undefined;
  }
  const { url, method, status } = readQuestion('check_url', text);
  return { url, timeout, as, method, status };
}
