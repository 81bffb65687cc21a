import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface ActionFile {
  readonly inputs: Record<string, { description?: string; required?: boolean; default?: string }>;
  readonly outputs: Record<string, { description?: string }>;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}

describe.each(readdirSync(join(root, 'actions')))('action.yml of %s', (name) => {
  const action = parse(readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8')) as ActionFile;
  const sources = readdirSync(join(root, 'actions', name), { encoding: 'utf8', recursive: true }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('node_modules'),
  );
  const code = sources.map((file) => readFileSync(join(root, 'actions', name, file), 'utf8')).join('\n');
  const google = readFileSync(join(root, 'packages/auth/src/inputs.ts'), 'utf8');
  const emission = readFileSync(join(root, 'packages/api-document/src/emission.ts'), 'utf8');
  const spec = readFileSync(join(root, 'packages/api-document/src/spec-path.ts'), 'utf8');

  it('declares the inputs that the code reads, and no others', () => {
    const read = namesIn(
      /\b(?:input\s*\.\w+|optional)\(\s*'([a-z0-9_]+)'/g,
      [
        code,
        code.includes('readGoogleInputs(') ? google : '',
        code.includes('readEmitOptions(') ? emission : '',
        code.includes('readSpecPath(') ? spec : '',
      ].join('\n'),
    );
    expect(Object.keys(action.inputs).sort()).toEqual(read);
  });

  it('has a main.ts that names each room', () => {
    const rooms = readdirSync(join(root, 'actions', name), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
      .map((entry) => entry.name);
    const main = readFileSync(join(root, 'actions', name, 'main.ts'), 'utf8');
    expect(namesIn(/^ \* {3}([a-z-]+)\/ +\S/gm, main)).toEqual(rooms.sort());
  });

  it('declares the outputs that the code sets, and no others', () => {
    const calls = code.matchAll(/setOutputs\(\{([\s\S]*?)\}(?:, \[[^\]]*\])?\);/g);
    const set = [...calls].flatMap(([, names = '']) =>
      namesIn(/(?:^|,)\s*([a-z_]+)(?=\s*[:,]|\s*$)/g, names),
    );
    const names = [...new Set(set)].sort();
    expect(Object.keys(action.outputs).sort()).toEqual(names);
  });

  it('describes each, and defaults each input that is not required', () => {
    for (const [input, { description, required, default: fallback }] of Object.entries(action.inputs)) {
      expect(description, input).toMatch(/\S.*\.$/s);
      expect(
        required === true || typeof fallback === 'string',
        `${input} is neither required nor defaulted`,
      ).toBe(true);
    }
    for (const [output, { description }] of Object.entries(action.outputs))
      expect(description, output).toMatch(/\S.*\.$/s);
  });

  it('runs the bundle on node24', () => {
    expect(action.runs.using).toBe('node24');
    expect(action.runs.main).toBe(`../../dist/${name}/index.js`);
    if (action.runs.post !== undefined) expect(action.runs.post).toBe(`../../dist/${name}/post.js`);
    expect(action.runs.post !== undefined, 'what makes a scratch directory removes it in the post step').toBe(
      code.includes('createScratch('),
    );
  });
});

function namesIn(pattern: RegExp, text: string): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();
}
