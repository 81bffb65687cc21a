import { input, invalid } from '@gangway/action';
import { emptiable } from '@gangway/settings';

/**
 * Reads the input `custom_audiences`, the whole list; none for `none`.
 *
 * @see https://cloud.google.com/run/docs/configuring/custom-audiences
 */
export function readAudiences(): readonly string[] | undefined {
  const audiences = emptiable(input.list('custom_audiences'));
  for (const [index, audience] of (audiences ?? []).entries()) {
    if (/\s/.test(audience))
      throw invalid('custom_audiences', audience, 'write URLs or other texts without spaces, one per line');
    if (audiences?.indexOf(audience) !== index)
      throw invalid('custom_audiences', audience, 'it is listed twice; keep one');
  }
  return audiences;
}
