import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DECLARED } from '../declared-inputs.ts';
import { FLAGS, inputsForFlags } from './gcloud-flags.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe("the cures for gcloud's flags", () => {
  it("are the README's table", () => {
    const rows = FLAGS.map(([flags, here]) => {
      const names = flags.split(' ').map((flag) => `\`--${flag}\``);
      return `| ${names.join(', ')} | ${here} |\n`;
    });
    const [, table] = /<!-- flags -->\n\| Flag .*\n.*\n([\s\S]*?)<!-- \/flags -->/.exec(README) ?? [];
    expect(table).toBe(rows.join(''));
  });

  it('name inputs that there are', () => {
    const named = FLAGS.flatMap(([, here]) =>
      [...here.matchAll(/`([a-z][a-z0-9_]*)(?::[^`]*)?`/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => !DECLARED.includes(name))).toEqual([]);
  });

  it.each([
    [
      '--cpu=2 --allow-unauthenticated "--args=-X=123"',
      'for --cpu write cpu; for --allow-unauthenticated write invokers: allUsers, with those that stay; for --args write args, one per line',
    ],
    [
      '--set-env-vars KEY=--secret --quiet --service-account=a@b',
      'for --set-env-vars write env_vars, with env_vars_update_strategy: overwrite; leave out --quiet; for --service-account write runtime_service_account',
    ],
    [
      '--no-allow-unauthenticated',
      'leave out --no-allow-unauthenticated: a new service is private; to take allUsers away, write invokers with those that stay',
    ],
    ['--clear-env-vars', 'for --clear-env-vars write env_vars: "{}"'],
    ['--no-cpu-throttling', 'for --no-cpu-throttling write cpu_throttling: false'],
    ['--no-cpu', 'for --no-cpu see the README, or write it into the file of metadata'],
    ['--execute-now', 'for --execute-now write execute: true, with wait: false'],
    [
      '--set-tags=a=r',
      "for --set-tags write tag for the revision of the step; the others need a file's spec.traffic",
    ],
    ['--key=k', 'for --key write run.googleapis.com/encryption-key into the file of metadata'],
    ['--mesh=m', 'for --mesh write run.googleapis.com/mesh into the file of metadata'],
    ['--iap', 'for --iap see the README, or write it into the file of metadata'],
    ['x', 'write the inputs that the flags have here, as the README lists them'],
  ])('%s', (flags, cure) => expect(inputsForFlags(flags)).toBe(cure));
});
