import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Case } from '../../test/migrate/case.ts';
import { CASES } from '../../test/migrate/cases.ts';
import { mistakesIn, type Step } from '../run/workflow.ts';
import { type Migration, migrate } from './migrate.ts';
import { readWorkflow } from './model/workflow.ts';

describe.each(CASES)(
  'a workflow that $does',
  ({ text, files, outcome, steps, stays = [], says = [], has = [], hasNot = [] }) => {
    const migration = migrated(text, files);

    it('becomes what does the same, or says why it stays', () => {
      const reasons = migration.changes.filter(({ kind }) => kind === 'stays').map(({ how }) => how);
      expect(outcomeOf(migration), reasons.join('\n')).toBe(outcome);
      for (const words of stays) expect(reasons.join('\n')).toContain(words);
      const told = migration.changes.filter(({ kind }) => kind !== 'stays').map(({ how }) => how);
      for (const words of says) expect(told.join('\n')).toContain(words);
      for (const words of has) expect(migration.text).toContain(words);
      for (const words of hasNot) expect(migration.text).not.toContain(words);
      if (steps)
        expect(oursIn(migration.text)).toEqual(
          steps.map(([action, inputs]) => [action, expect.objectContaining(inputs)]),
        );
    });

    it("parses by GitHub's own parser", async () => {
      expect(await mistakesIn('deploy.yml', text)).toEqual([]);
      expect(await mistakesIn('deploy.yml', migration.text)).toEqual([]);
    });

    it('changes nothing the second time', () => {
      expect(migrated(migration.text, files).text).toBe(migration.text);
    });

    it('loses no step in silence, and leaves all others byte for byte', () => {
      for (const job of readWorkflow(text)?.jobs ?? [])
        for (const step of job.steps) {
          const source = text.slice(step.from, step.to);
          const last = step.line + source.split('\n').length - 1;
          const told = migration.changes.some(({ line }) => line >= step.line && line <= last);
          expect(told || migration.text.includes(source), source).toBe(true);
        }
    });

    it('reads outputs only of steps that there are', () => {
      expect(danglingIn(migration.text)).toEqual(danglingIn(text));
    });

    it('keeps the ends of lines', () => {
      const windows = text.replaceAll('\n', '\r\n');
      expect(migrated(windows, files).text).toBe(migration.text.replaceAll('\n', '\r\n'));
    });
  },
);

it('is tried on workflows of many kinds', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(50);
  expect(new Set(CASES.map(({ does }) => does)).size).toBe(CASES.length);
});

it.each(['', 'a: [', '- 1', 'on: push', 'jobs: []', 'jobs:\n  a:\n    uses: ./b.yml\n'])(
  'leaves %j as it is',
  (text) => expect(migrate(text, { has: () => false }).text).toBe(text),
);

function migrated(text: string, files: readonly string[] | undefined): Migration {
  return migrate(text, { has: (path) => files === undefined || files.includes(path) });
}

function outcomeOf({ changes }: Migration): Case['outcome'] {
  const hasBecome = changes.some(({ kind }) => kind === 'becomes');
  if (!changes.some(({ kind }) => kind === 'stays')) return 'whole';
  return hasBecome ? 'part' : 'none';
}

function oursIn(text: string): [string, unknown][] {
  const { jobs } = parse(text) as { jobs: Record<string, { steps?: Step[] }> };
  return Object.values(jobs)
    .flatMap(({ steps = [] }) => steps)
    .flatMap(({ uses, with: given }): [string, unknown][] => {
      const [, action] = /^gangway-dev\/gangway\/actions\/(.*)@v1$/.exec(uses ?? '') ?? [];
      return action === undefined ? [] : [[action, given]];
    });
}

/** Steps whose outputs a job reads, and that it does not have. */
function danglingIn(text: string): string[] {
  return (readWorkflow(text)?.jobs ?? []).flatMap(({ from, to, steps }) => {
    const ids = new Set(steps.map(({ id }) => id));
    const read = text.slice(from, to).matchAll(/\bsteps\.([\w-]+)\.(?:outputs|outcome|conclusion)\b/g);
    return [...new Set([...read].map(([, id = '']) => id))].filter((id) => !ids.has(id)).sort();
  });
}
