import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/threat-model.md', root), 'utf8');
const promises = page
  .split('\n')
  .map((line) => line.split(' | '))
  .filter((cells) => cells.length === 2 && !cells[0]?.startsWith('| Promise'))
  .map(([promise = '', shown = '']) => ({
    promise: promise.replace(/^\| /, ''),
    files: [...shown.matchAll(/`([^` ]+\.\w+)`/g)].map(([, path = '']) => path),
    commands: [...shown.matchAll(/`npm run (\S+)`/g)].map(([, name = '']) => name),
  }));

it('makes promises', () => expect(promises.length).toBeGreaterThan(30));

it.each(promises)('names what shows it: $promise', ({ files, commands }) => {
  expect(files.length + commands.length).toBeGreaterThan(0);
  for (const path of files) {
    expect(existsSync(new URL(path, root)), path).toBe(true);
    if (path.endsWith('.test.ts')) expect(readFileSync(new URL(path, root), 'utf8')).toMatch(/\bit\b/);
  }
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of commands) expect(scripts).toHaveProperty([name]);
});
