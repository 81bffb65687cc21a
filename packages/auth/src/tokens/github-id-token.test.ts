import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { githubIdToken } from './github-id-token.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const askAt = (url: string, env: Readonly<Record<string, string>> = {}) => {
  const unset = {
    https_proxy: '',
    http_proxy: '',
    no_proxy: '',
    HTTP_PROXY: '',
    HTTPS_PROXY: '',
    NO_PROXY: '',
  };
  const github = { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'runner-token' };
  for (const [name, value] of Object.entries({ ...unset, ...github, ...env })) vi.stubEnv(name, value);
  return githubIdToken('https://example.com');
};

it.each<[string, string, Record<string, string>, string]>([
  ['the network', 'http://127.0.0.1:9/', {}, 'check its network'],
  ['a proxy', 'https://github.example/', { HTTPS_PROXY: 'http://127.0.0.1:9' }, 'check HTTPS_PROXY, and'],
])('says what to do about %s that brings no token', async (_, url, env, hint) => {
  await expect(askAt(url, env)).rejects.toMatchObject({
    code: 'oidc-failed',
    hint: expect.stringContaining(hint),
  });
});

it.each([
  [503, '', 'oidc-failed', 'www.githubstatus.com'],
  [200, '{"value":""}', 'answer-unexpected', 'login page'],
])('says what to do about GitHub answering %i %s', async (status, body, code, hint) => {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const asked = askAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await expect(asked).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
