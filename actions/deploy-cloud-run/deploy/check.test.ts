import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GoogleCloud } from '@gangway/google-cloud';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from './check.ts';

/** None of these asks for a token. */
const NO_CLOUD = undefined as unknown as GoogleCloud;

describe('a check that is answered 403 without a token', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(403).end('no'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it.each([
    [
      'of a URL elsewhere',
      { audience: undefined, isPublic: false },
      /only to the service's own URL: write a path/,
    ],
    [
      'of a service that everyone may call',
      { audience: 'https://a.run.app', isPublic: true },
      /^fix what it answers/,
    ],
  ])('%s names the cure', async (_, whose, hint) => {
    const question = { url: async () => url, timeout: 0, accounts: ['a@b'], deployer: 'a@b', ...whose };
    await expect(check(NO_CLOUD, question)).rejects.toMatchObject({
      ...{
        code: 'check-failed',
        message: expect.stringContaining('403 "no"'),
        hint: expect.stringMatching(hint),
      },
    });
  });
});
