import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { proxyFor } from './proxy-setting.ts';

const HTTPS = new URL('https://run.googleapis.com/');
const HTTP = new URL('http://example.com/');

beforeEach(() => {
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'])
    for (const one of [name, name.toLowerCase()]) vi.stubEnv(one, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const given = (env: Readonly<Record<string, string>>) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
};

describe('the variable that counts', () => {
  it.each<[Record<string, string>, URL, string | undefined]>([
    [{}, HTTPS, undefined],
    [{ HTTPS_PROXY: 'a', https_proxy: 'b' }, HTTPS, 'https_proxy'],
    [{ HTTPS_PROXY: 'a', https_proxy: '' }, HTTPS, 'HTTPS_PROXY'],
    [{ HTTPS_PROXY: ' ', ALL_PROXY: 'a' }, HTTPS, 'ALL_PROXY'],
    [{ HTTPS_PROXY: 'a', HTTP_PROXY: 'b' }, HTTPS, 'HTTPS_PROXY'],
    [{ HTTPS_PROXY: 'a', HTTP_PROXY: 'b' }, HTTP, 'HTTP_PROXY'],
    [{ HTTPS_PROXY: 'a', HTTP_PROXY: 'b', http_proxy: 'c' }, HTTP, 'http_proxy'],
    [{ HTTP_PROXY: 'b' }, HTTPS, 'HTTP_PROXY'],
    [{ HTTPS_PROXY: 'b', all_proxy: 'c' }, HTTP, 'HTTPS_PROXY'],
    [{ ALL_PROXY: 'a', all_proxy: 'b' }, HTTP, 'all_proxy'],
  ])('%o, for %s', (env, url, variable) => {
    given(env);
    expect(proxyFor(url)?.variable).toBe(variable);
  });
});

describe('its value', () => {
  it.each([
    ['proxy:3128', 'http://proxy:3128/'],
    [' http://proxy:3128\n', 'http://proxy:3128/'],
    ['user:pw@proxy:3128', 'http://user:pw@proxy:3128/'],
    ['https://proxy', 'https://proxy/'],
    ['http://[::1]:3128/', 'http://[::1]:3128/'],
  ])('%j is a proxy', (value, href) => {
    given({ https_proxy: value });
    expect(proxyFor(HTTPS)?.url.href).toBe(href);
  });

  it.each([
    '"http://proxy:3128"',
    "'http://proxy:3128'",
    'http://user:hunter2#x@proxy:3128',
    'http://user:12#hunter2@proxy:3128',
    'http://user:12/hunter2@proxy:3128',
    'http://user:12?hunter2@proxy:3128',
    'http://user:hunter2@:::',
    'socks5://user:hunter2@proxy:1080',
    'http://proxy one:3128',
  ])('%s is none, and is told by the name of the variable alone', (value) => {
    given({ ALL_PROXY: value });
    expect(() => proxyFor(HTTPS)).toThrow(
      expect.objectContaining({
        code: 'proxy',
        tries: 1,
        message: 'The environment variable ALL_PROXY is not the URL of an http or https proxy.',
        hint: expect.stringContaining('percent-encoded'),
      }),
    );
  });
});

describe('NO_PROXY', () => {
  const spares = (rules: string, url: string) => {
    given({ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: rules });
    return proxyFor(new URL(url)) === undefined;
  };

  it.each([
    ['*', 'https://run.googleapis.com/'],
    ['example.com, run.googleapis.com', 'https://run.googleapis.com/'],
    ['example.com run.googleapis.com', 'https://run.googleapis.com/'],
    ['googleapis.com', 'https://run.googleapis.com/'],
    ['.googleapis.com', 'https://run.googleapis.com/'],
    ['.run.googleapis.com', 'https://run.googleapis.com/'],
    ['*.googleapis.com', 'https://run.googleapis.com/'],
    ['googleapis.com.', 'https://run.googleapis.com/'],
    ['googleapis.com', 'https://run.googleapis.com./'],
    ['RUN.GoogleApis.com', 'https://run.googleapis.com/'],
    ['run.googleapis.com:443', 'https://run.googleapis.com/'],
    ['.googleapis.com:443', 'https://run.googleapis.com/'],
    ['localhost:80', 'http://localhost/'],
    ['localhost:8080', 'http://LOCALHOST:8080/'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'],
    ['127.0.0.1', 'http://127.0.0.1:8080/'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080/'],
    ['127.0.0.0/8', 'http://127.9.9.9/'],
    ['10.1.0.0/16,x', 'https://10.1.2.3/'],
    ['::1', 'http://[::1]:8080/'],
    ['[::1]', 'http://[::1]:8080/'],
    ['[::1]:8080', 'http://[::1]:8080/'],
    ['0:0:0:0:0:0:0:1', 'http://[::1]/'],
    ['fd00::/8', 'https://[fd12:3456::1]/'],
  ])('%s is for %s', (rules, url) => {
    expect(spares(rules, url)).toBe(true);
  });

  it.each([
    ['', 'https://run.googleapis.com/'],
    ['apis.com', 'https://run.googleapis.com/'],
    ['run.googleapis.com:80', 'https://run.googleapis.com/'],
    ['*.run.googleapis.com', 'https://run.googleapis.com/'],
    ['127.0.0.1:1', 'http://127.0.0.1:8080/'],
    ['0.0.1', 'http://127.0.0.1/'],
    ['10.1.0.0/16', 'https://10.2.0.1/'],
    ['10.1.0.0/99', 'https://10.1.0.1/'],
    ['10.1.0.0/16', 'https://run.googleapis.com/'],
    ['fd00::/8', 'https://[fe80::1]/'],
    ['https://127.0.0.1', 'http://127.0.0.1/'],
    ['.', 'https://run.googleapis.com/'],
  ])('%j is not for %s', (rules, url) => {
    expect(spares(rules, url)).toBe(false);
  });

  it('in lower case counts before it; empty counts as unset', () => {
    given({ no_proxy: 'example.com' });
    expect(spares('run.googleapis.com', HTTPS.href)).toBe(false);
    given({ no_proxy: '' });
    expect(spares('run.googleapis.com', HTTPS.href)).toBe(true);
  });
});
