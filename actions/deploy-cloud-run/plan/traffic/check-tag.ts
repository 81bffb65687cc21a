import { LIMITS } from '@gangway/cloud-run';
import { letters } from '../../api/own.ts';

const PREFIX = 'gw-';
const [FEWEST, MOST] = [2, 5];

/**
 * A tag under which this run alone asks its revision before that gets requests; it is taken away after.
 *
 * @returns undefined where the service's name leaves no room for one
 * @see https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration#tags
 */
export function checkTag(service: string): string | undefined {
  const room = Math.min(MOST, LIMITS.tagAndService.most - service.length - PREFIX.length);
  return room < FEWEST ? undefined : `${PREFIX}${letters(room)}`;
}

/** Whether a tag is one of a check: of this run, of another that goes on, or left by one that was cut short. */
export function isCheckTag(tag: string | undefined): boolean {
  return tag === 'gangway-check' || /^gw-[bcdfghj-np-tv-xz]{2,5}$/.test(tag ?? '');
}
