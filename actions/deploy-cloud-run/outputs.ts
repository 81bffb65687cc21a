import { setOutputs } from '@gangway/action';
import type { Regional } from './deploy/regions.ts';

/** Sets the step's outputs; of several regions those of the first, and the URLs of all. */
export function writeOutputs(done: readonly Regional[]): void {
  const {
    url = '',
    revision = '',
    previousRevision = '',
    tagUrl = '',
    execution = '',
  } = done[0]?.outcome ?? {};
  // A job has none.
  const urls = done
    .flatMap(({ inputs, outcome }) => (outcome.url ? [`${inputs.region}=${outcome.url}`] : []))
    .join('\n');
  const changed = done.some(({ outcome }) => outcome.changed);
  setOutputs({
    url,
    urls,
    revision,
    previous_revision: previousRevision,
    tag_url: tagUrl,
    execution,
    changed,
  });
}
