import { relative, resolve } from 'node:path';
import { beforeEach, expect } from 'vitest';

/*
 * vitest runs it before each test file. Where exchanges are kept to be judged, it says where each comes from: of a request that the test
 * sends itself, the line that sends it; of another program's, the test that runs.
 */

/** Where `fetch` is kept as it was before the first file of this process. */
const PLAIN = Symbol.for('gangway.plain-fetch');
const root = resolve(import.meta.dirname, '../..');

if (process.env.GANGWAY_EXCHANGES) {
  const file = relative(root, expect.getState().testPath ?? '');
  process.env.GANGWAY_EXCHANGES_SOURCE = file;
  beforeEach(({ task }) => {
    process.env.GANGWAY_EXCHANGES_SOURCE = `${file}:${task.location?.line ?? 0} (${task.name})`;
  });
  const plain = (Reflect.get(globalThis, PLAIN) as typeof fetch | undefined) ?? globalThis.fetch;
  Object.assign(globalThis, { [PLAIN]: plain });
  // Of an API alone: what was deployed may look at every header.
  const isApi = (url: string) => /^http:\/\/127\.0\.0\.1:\d+\/(?:\S+\/)?(?:v\d\w*|apis)\//.test(url);
  globalThis.fetch = (input, init) => {
    const line = new RegExp(`${file.replaceAll('.', '\\.')}:\\d+`).exec(new Error().stack ?? '')?.[0];
    if (line === undefined || input instanceof Request || !isApi(String(input))) return plain(input, init);
    const headers = new Headers(init?.headers);
    headers.set('x-gangway-source', line);
    return plain(input, { ...init, headers });
  };
}
