import type { Regional } from './deploy/regions.ts';

/** The step's outputs; of several regions those of the first, and the URLs of all. */
export function outputsOf(done: readonly Regional[]): Readonly<Record<string, string | boolean>> {
  const [first] = done;
  const {
    url = '',
    revision = '',
    previousRevision = '',
    tagUrl = '',
    execution = '',
  } = first?.outcome ?? {};
  return {
    ...{ url, revision, previous_revision: previousRevision, tag_url: tagUrl, execution },
    urls: done.map(({ inputs, outcome }) => `${inputs.region}=${outcome.url}`).join('\n'),
    changed: done.some(({ outcome }) => outcome.changed),
  };
}
