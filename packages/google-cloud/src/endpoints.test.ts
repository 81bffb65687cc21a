import { afterEach, describe, expect, it, vi } from 'vitest';
import { endpoint, registryOverride, tokenEndpoint } from './endpoints.ts';

const RUN = 'CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN';
afterEach(() => vi.unstubAllEnvs());

describe('endpoint', () => {
  it("is Google's unless overridden for that service", () => {
    vi.stubEnv(RUN, 'http://127.0.0.1:8080/');
    expect(endpoint('iam').href).toBe('https://iam.googleapis.com/');
    expect(endpoint('run').href).toBe('http://127.0.0.1:8080/');
    vi.stubEnv(RUN, '');
    expect(endpoint('run').href).toBe('https://run.googleapis.com/');
  });

  it('is a directory, so that paths go below it', () => {
    vi.stubEnv(RUN, 'https://proxy.example.com/google/run');
    expect(new URL('v2/x', endpoint('run')).href).toBe('https://proxy.example.com/google/run/v2/x');
  });

  it.each(['http://127.0.0.1', 'http://localhost:1', 'http://[::1]:8080', 'https://example.com'])(
    'may be %s',
    (url) => {
      vi.stubEnv(RUN, url);
      expect(endpoint('run').href).toBe(`${url}/`);
    },
  );

  it.each([
    'http://example.com',
    'http://127.0.0.1.example.com',
    'http://localhost@example.com',
    'ftp://127.0.0.1',
    'run',
  ])('may not be %s, which would get the token', (url) => {
    vi.stubEnv(RUN, url);
    expect(() => endpoint('run')).toThrow(
      expect.objectContaining({
        code: 'endpoint-invalid',
        message: expect.stringContaining(RUN),
        hint: expect.any(String),
      }),
    );
  });
});

it('the token endpoint is a file: its override is taken as it is', () => {
  expect(tokenEndpoint().href).toBe('https://oauth2.googleapis.com/token');
  vi.stubEnv('CLOUDSDK_AUTH_TOKEN_HOST', 'http://127.0.0.1:1/token');
  expect(tokenEndpoint().href).toBe('http://127.0.0.1:1/token');
});

it('the stand-in of the registry is none when its variable is empty', () => {
  vi.stubEnv('GANGWAY_REGISTRY_HOST', '');
  expect(registryOverride()).toBeUndefined();
  vi.stubEnv('GANGWAY_REGISTRY_HOST', '127.0.0.1:5000');
  expect(registryOverride()).toBe('127.0.0.1:5000');
  vi.stubEnv('GANGWAY_REGISTRY_HOST', 'registry.example.com');
  expect(registryOverride).toThrow('GANGWAY_REGISTRY_HOST is not on this machine');
});
