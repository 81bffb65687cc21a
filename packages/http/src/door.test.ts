import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What runs in no action. */
const OTHERS = /^packages\/(act|cli|emulator|engine|cluster|runner|openapi|dockerfile)\//;
/** Ways to send a request that are not this package's. */
const WAYS_ROUND =
  /from '(node:)?(http|https|http2|undici|gaxios|node-fetch)'|await fetch\(|gaxios\.|gcpMetadata|getIDToken|new HttpClient/;

it('is the only one: nothing in an action sends a request by other means', async () => {
  const files = (await readdir(root, { recursive: true }))
    .map((path) => path.replaceAll('\\', '/'))
    .filter(
      (path) =>
        /^(packages\/[\w-]+\/src|actions)\/.*\.ts$/.test(path) && !/node_modules|\.test\.ts$/.test(path),
    )
    .filter((path) => !OTHERS.test(path) && !path.startsWith('packages/http/'));
  expect(files.length).toBeGreaterThan(150);
  const round: string[] = [];
  for (const path of files) {
    const found = WAYS_ROUND.exec(await readFile(join(root, path), 'utf8'))?.[0];
    if (found) round.push(`${path}: ${found}`);
  }
  // Connections of its own, to send through the door without a proxy.
  expect(round.filter((line) => !ALLOWED.has(line))).toEqual([]);
});

const ALLOWED = new Set(["packages/auth/src/sources/metadata-server.ts: from 'node:http'"]);
