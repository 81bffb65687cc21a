import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { gcloudFlags } from '../helpers/gcloud/gcloud-flags.ts';
import { hasGcloud } from '../helpers/gcloud/gcloud-run.ts';

// some tests need: gcloud

const home = new URL('../../actions/deploy-cloud-run/', import.meta.url);
const readme = readFileSync(new URL('README.md', home), 'utf8');
const { inputs } = parse(readFileSync(new URL('action.yml', home), 'utf8')) as {
  inputs: Readonly<Record<string, unknown>>;
};
const table = /<!-- flags -->\n([\s\S]*?)<!-- \/flags -->/.exec(readme)?.[1] ?? '';
const rows = table
  .trim()
  .split('\n')
  .slice(2)
  .map((row) => {
    const [, flags = '', here = ''] = row.split('|');
    return {
      flags: [...flags.matchAll(/`(--[a-z0-9-]+)`/g)].map(([, flag = '']) => flag),
      here: here.trim(),
    };
  });

describe("the README's table of gcloud's flags", () => {
  it('names inputs that action.yml has, a file, or the reason why there is none', () => {
    const named = rows.flatMap(({ here }) =>
      [...here.matchAll(/`([a-z][a-z0-9_]*)(?::[^`]*)?`/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => !Object.hasOwn(inputs, name))).toEqual([]);
    const vague = rows.filter(
      ({ here }) => !/^`[a-z]|^a file: `(run\.googleapis\.com\/|spec\.)|^none: /.test(here),
    );
    expect(vague).toEqual([]);
  });

  it('has each flag once', () => {
    const all = rows.flatMap(({ flags }) => flags);
    expect(all.filter((flag, index) => all.indexOf(flag) !== index)).toEqual([]);
  });

  it.skipIf(!hasGcloud)(
    'has every flag of gcloud run deploy, jobs deploy, worker-pools deploy and services update-traffic',
    async () => {
      const commands = [
        ...['run deploy', 'run jobs deploy', 'run services update-traffic'],
        'beta run worker-pools deploy',
      ];
      const theirs = new Set((await gcloudFlags(...commands)).flat());
      const ours = new Set(rows.flatMap(({ flags }) => flags));
      expect([...theirs].filter((flag) => !ours.has(flag))).toEqual([]);
    },
  );
});
