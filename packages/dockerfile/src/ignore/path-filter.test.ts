import { describe, expect, it } from 'vitest';
import { readIgnoreFile } from './ignore-file.ts';
import { createPathFilter } from './path-filter.ts';

const ignored = (file: string, paths: readonly string[]) => {
  const filter = createPathFilter(readIgnoreFile(file));
  return paths.filter((path) => filter.ignores(path));
};

describe('createPathFilter', () => {
  // test/build-and-push/dockerignore.test.ts holds the same against real builders, with cases made at random.
  it.each([
    ['*.md\n!README.md', ['a.md', 'README.md', 'docs/b.md'], ['a.md']],
    ['**/*.md', ['a.md', 'docs/b.md', 'docs/x/c.md', 'md'], ['a.md', 'docs/b.md', 'docs/x/c.md']],
    ['node_modules', ['node_modules/a/b', 'x/node_modules/a'], ['node_modules/a/b']],
    ['/dist/', ['dist/a', 'x/dist/a'], ['dist/a']],
    ['*/temp*', ['temp', 'a/temp', 'a/temporary/b', 'a/b/temp'], ['a/temp', 'a/temporary/b']],
    ['temp?', ['tempa', 'temp', 'temp/b'], ['tempa']],
    ['*\n!src', ['a', 'src/x/y', 'srcs'], ['a', 'srcs']],
    ['src\n!src/keep', ['src/a', 'src/keep/b'], ['src/a']],
    ['src/**\n!src/**/*.ts', ['src/a.js', 'src/x/b.ts'], ['src/a.js']],
    ['!a\na', ['a'], ['a']],
    ['# a\n \n b ', ['a', 'b'], ['b']],
    ['[a-c].txt', ['b.txt', 'd.txt'], ['b.txt']],
    ['[^a-c].txt', ['b.txt', 'd.txt'], ['d.txt']],
    ['a\\*', ['a*', 'ab'], ['a*']],
    ['**', ['a', 'b/c'], ['a', 'b/c']],
    ['**suffix', ['xsuffix', 'a/suffix', 'suffixx'], ['xsuffix', 'a/suffix']],
    ['pre**', ['prefix', 'pre/a', 'xpre'], ['prefix', 'pre/a']],
    ['./a/../b', ['a', 'b'], ['b']],
    ['a.b', ['axb', 'a.b'], ['a.b']],
  ])('%j', (file, paths, expected) => expect(ignored(file, paths)).toEqual(expected));

  it.each(['!', '[', '[]', 'a\\', '[a-]'])('refuses %j as the builder does', (file) => {
    expect(() => createPathFilter(readIgnoreFile(file))).toThrow(/pattern/);
  });

  it.each([
    ['gha-creds-*.json', 'gha-creds-0a.json', true],
    ['gha-creds-*.json', 'sub/gha-creds-0a.json', false],
    ['**/gha-creds-*.json', 'gha-creds-0a.json', true],
    ['**/gha-creds-*.json', 'a/b/gha-creds-0a.json', true],
    ['*', 'gha-creds-0a.json', true],
    ['*\n!app', 'gha-creds-0a.json', true],
    ['*\n!*.json', 'gha-creds-0a.json', false],
    ['!*.json\n*', 'gha-creds-0a.json', true],
    ['*.md\n# *.json\n', 'gha-creds-0a.json', false],
    ['/gha-creds-?a.json', 'gha-creds-0a.json', true],
    ['./gha-creds-[0-9]a.json', 'gha-creds-0a.json', true],
    ['gha-creds-[^0-9]a.json', 'gha-creds-0a.json', false],
    ['sub', 'sub/gha-creds-0a.json', true],
    ['sub/', 'sub/gha-creds-0a.json', true],
    ['**', 'a/b', true],
    ['a/**/c', 'a/c', true],
    ['a/**/c', 'a/b/b/c', true],
    ['gha.creds-0a.json', 'gha-creds-0a.json', false],
    ['  *.json  ', 'gha-creds-0a.json', true],
    ['\uFEFF*.json\r\n*.md', 'gha-creds-0a.json', true],
    ['', 'gha-creds-0a.json', false],
  ])('%j on %s: %s', (text, path, ignored) =>
    expect(createPathFilter(readIgnoreFile(text)).ignores(path)).toBe(ignored),
  );
});
