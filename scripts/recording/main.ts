/**
 * `node scripts/recording/main.ts [FOLDER]`: records `gangway demo` on this machine, and writes what is in README.md: an SVG of it, and
 * the recording itself for asciinema. It needs what the demo needs: a Docker engine, and act or Go; and `npm run build -- gangway`
 * before. Run it twice, so that the images are there.
 */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { startEngine } from '@gangway/engine';
import { asciicast, type CastLine } from './cast.ts';
import { animation } from './svg.ts';

const root = resolve(import.meta.dirname, '../..');
const COLUMNS = 114;
/** A key of the local cloud is good for nothing, but who looks for leaked ones can't tell. */
const KEY = /\b(AIza)[\w-]{20,}/g;
const TITLE = 'gangway demo: a FastAPI service, from a folder to a URL that answers only with a key';

const [folder = join(root, 'docs/recordings')] = process.argv.slice(2);
const engine = await startEngine({ onProgress: console.error });
try {
  const lines = await recorded(engine.environment);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'demo.svg'), animation(lines, COLUMNS, TITLE));
  await writeFile(join(folder, 'demo.cast'), asciicast(lines, COLUMNS, TITLE));
  console.log(`demo.svg and demo.cast are in ${folder}.`);
} finally {
  await engine.stop();
}

/** What the demo prints. @throws Error with it when the demo fails */
async function recorded(environment: Readonly<Record<string, string>>): Promise<readonly CastLine[]> {
  const started = performance.now();
  const lines: CastLine[] = [{ at: 0, text: '$ gangway demo' }];
  const child = spawn(process.execPath, [join(root, 'dist/gangway/index.js'), 'demo'], {
    env: { ...process.env, ...environment, FORCE_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.once('close', done));
  for await (const text of createInterface({ input: child.stdout }))
    lines.push({ at: (performance.now() - started) / 1000, text: text.replace(KEY, '$1…') });
  const status = await ended;
  if (status !== 0)
    throw new Error(`gangway demo ended with ${status}:\n${lines.map(({ text }) => text).join('\n')}`);
  return lines;
}
