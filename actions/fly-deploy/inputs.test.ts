import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { appName } from './app/access.ts';
import { readInputs } from './inputs.ts';

const { inputs: DECLARED } = parse(readFileSync(new URL('action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default?: string }>;
};

const CONFIG = fileURLToPath(new URL('../../examples/phoenix-on-fly/fly.toml', import.meta.url));

afterEach(() => vi.unstubAllEnvs());

function inputsOf(changes: Record<string, string>): ReturnType<typeof readInputs> {
  const image = `registry.fly.io/app@sha256:${'a'.repeat(64)}`;
  const given = { app: 'app', config: CONFIG, image, api_token: 'fm2_token', ...changes } as Record<
    string,
    string
  >;
  for (const [name, { default: value = '' }] of Object.entries(DECLARED))
    vi.stubEnv(`INPUT_${name.toUpperCase()}`, given[name] ?? value);
  return readInputs();
}

const secretsOf = (secrets: string) => Object.fromEntries(inputsOf({ secrets }).secrets);

it.each([
  'nginx:1.27',
  'nginx',
  'library/nginx:1.27',
  `nginx:1.27@sha256:${'a'.repeat(64)}`,
  'localhost:5000/a',
])('takes the image %s, as Docker does', (image) => expect(inputsOf({ image }).image).toBe(image));

it.each(['"fm2_token"', "'fm2_token'", ' fm2_token\n'])('takes the token out of %j', (api_token) =>
  expect(inputsOf({ api_token }).token).toBe('fm2_token'),
);

it('waits as fly.toml says, unless it is told', () => {
  expect(inputsOf({}).waitTimeout).toBeUndefined();
  expect(inputsOf({ wait_timeout: '90s' }).waitTimeout).toBe(90_000);
});

it('refuses a name that the number of a pull request makes too long', () => {
  const app = 'a'.repeat(58);
  expect(
    appName({ app, review: { number: 1, destroy: false } } as Parameters<typeof appName>[0]),
  ).toHaveLength(63);
  expect(() =>
    appName({ app, review: { number: 12, destroy: false } } as Parameters<typeof appName>[0]),
  ).toThrow(`Input "app" is not valid: "${app}"`);
});

it('refuses several secrets on a line, of which one would be made', () => {
  expect(() => secretsOf('A=1 B=2')).toThrow('the value of A holds further NAME=VALUE');
});

it.each<[string, Record<string, string>]>([
  ['A="""x B=1"""', { A: 'x B=1' }],
  ['ENV<<EOF\nDB=1\nAPI_KEY=2\nEOF', { ENV: 'DB=1\nAPI_KEY=2' }],
])('takes %j for one, as its own hint says', (text, secrets) => expect(secretsOf(text)).toEqual(secrets));
