import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { loader } from './loader.ts';

const folder = mkdtempSync(join(tmpdir(), 'gangway-loader-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a loader does under a version of Node. */
function started(kind: 'step' | 'post', version: string) {
  const printed: string[] = [];
  const loaded: string[] = [];
  const process = { versions: { node: version }, version: `v${version}`, exitCode: 0 };
  const console = { log: (line: string) => printed.push(line) };
  runInNewContext(loader('bundle.js', kind), {
    process,
    console,
    require: (file: string) => loaded.push(file),
  });
  return { printed, loaded, exitCode: process.exitCode };
}

describe('loader', () => {
  it.each(['24.0.0', '100.0.0'])('loads the bundle under Node %s', (version) => {
    for (const kind of ['step', 'post'] as const)
      expect(started(kind, version)).toEqual({ printed: [], loaded: ['./bundle.js'], exitCode: 0 });
  });

  it.each(['22.1.0', '22.23.5', '23.0.0'])('warns before it loads the bundle under Node %s', (version) => {
    const { printed, loaded, exitCode } = started('step', version);
    expect({ loaded, exitCode }).toEqual({ loaded: ['./bundle.js'], exitCode: 0 });
    expect(printed).toEqual([
      expect.stringMatching(
        new RegExp(
          `^::warning::This action is made for Node 24, .* v${version}\\. It may fail where it should not\\.%0ATo fix it`,
        ),
      ),
    ]);
    expect(started('post', version)).toEqual({ printed: [], loaded: ['./bundle.js'], exitCode: 0 });
  });

  it.each(['22.0.0', '20.20.2', '16.20.2', '8.0.0'])('says what is wrong under Node %s', (version) => {
    const { printed, loaded, exitCode } = started('step', version);
    expect(loaded).toEqual([]);
    expect(exitCode).toBe(1);
    expect(printed).toEqual([
      expect.stringMatching(
        new RegExp(
          `^::error::This action needs Node 22\\.1 or newer, .* v${version}\\.%0ATo fix it: update the runner`,
        ),
      ),
    ]);
  });

  it('says it once: the post step of what never ran is silent', () => {
    expect(started('post', '20.0.0')).toEqual({ printed: [], loaded: [], exitCode: 0 });
  });

  it('is written in the syntax of the oldest Node', () => {
    for (const kind of ['step', 'post'] as const)
      expect(loader('bundle.js', kind)).not.toMatch(
        /`|=>|\?\.|\?\?|\b(const|let|class|async|import|of)\b[^']*;/,
      );
  });

  const old = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path) && isOld(path));
  it.skipIf(old === undefined)(`stops a real older Node (${old ?? 'none is installed'})`, () => {
    writeFileSync(join(folder, 'index.js'), loader('bundle.js', 'step'));
    writeFileSync(join(folder, 'bundle.js'), 'a syntax error');
    expect(() => execFileSync(old ?? '', [join(folder, 'index.js')], { stdio: 'pipe' })).toThrow(
      expect.objectContaining({ status: 1, stdout: expect.anything(), stderr: Buffer.alloc(0) }),
    );
  });
});

function isOld(path: string): boolean {
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)/.exec(version)?.[1]) < 22;
}
