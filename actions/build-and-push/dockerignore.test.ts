import { describe, expect, it } from 'vitest';
import { readDockerignore } from './dockerignore.ts';

describe('.dockerignore', () => {
  // The patterns and what they match follow Docker's documentation and moby/patternmatcher's tests.
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
  ])('%j on %s: %s', (text, path, ignored) => expect(readDockerignore(text)(path)).toBe(ignored));
});
