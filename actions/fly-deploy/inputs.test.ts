import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { readInputs } from './inputs.ts';

const { inputs: DECLARED } = parse(readFileSync(new URL('action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default?: string }>;
};

const CONFIG = fileURLToPath(new URL('../../examples/phoenix-on-fly/fly.toml', import.meta.url));

afterEach(() => vi.unstubAllEnvs());

function secretsOf(secrets: string): Record<string, string> {
  const image = `registry.fly.io/app@sha256:${'a'.repeat(64)}`;
  const given: Record<string, string> = {
    app: 'app',
    config: CONFIG,
    image,
    api_token: 'fm2_token',
    secrets,
  };
  for (const [name, { default: value = '' }] of Object.entries(DECLARED))
    vi.stubEnv(`INPUT_${name.toUpperCase()}`, given[name] ?? value);
  return Object.fromEntries(readInputs().secrets);
}

it('refuses several secrets on a line, of which one would be made', () => {
  expect(() => secretsOf('A=1 B=2')).toThrow('the value of A holds further NAME=VALUE');
});

it.each<[string, Record<string, string>]>([
  ['A="""x B=1"""', { A: 'x B=1' }],
  ['ENV<<EOF\nDB=1\nAPI_KEY=2\nEOF', { ENV: 'DB=1\nAPI_KEY=2' }],
])('takes %j for one, as its own hint says', (text, secrets) => expect(secretsOf(text)).toEqual(secrets));
