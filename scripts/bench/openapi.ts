import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetched } from './fetched.ts';
import { median, sample } from './sample.ts';

const ROUNDS = 5;
const root = fileURLToPath(new URL('../..', import.meta.url));
/** GitHub's own document, 13 MB, and the converter that most people use. They are fetched for the measurement alone. */
const DOCUMENT = { name: '@octokit/openapi', version: '23.0.2', path: 'generated/api.github.com.json' };
const PEER = { name: 'api-spec-converter', version: '2.12.0' };

/** What one whole process used: seconds of CPU, megabytes of memory at most. */
interface Usage {
  readonly cpu: number;
  readonly memory: number;
}

/** Converts GitHub's document with the command and with its peer; a table in Markdown, or why there is none. */
export async function benchOpenapi(): Promise<string> {
  let folder: string;
  try {
    folder = await fetched(DOCUMENT, PEER);
  } catch (error) {
    return `The conversion was not measured: ${error instanceof Error ? error.message : error}`;
  }
  const document = join(folder, 'node_modules', DOCUMENT.name, DOCUMENT.path);
  console.error('converting 13 MB …');
  const ours = await usages(() => [
    join(root, 'scripts/openapi/main.ts'),
    ...['emit', document, '--dialect', 'swagger2', '--backend', 'https://example.com'],
  ]);
  const bin = join(folder, 'node_modules', PEER.name, 'bin/api-spec-converter');
  const theirs = await usages(() => [bin, '--from=openapi_3', '--to=swagger_2', document]);
  const row = (name: string, { cpu, memory }: Usage) =>
    `| ${name} | ${cpu.toFixed(2)} s | ${memory.toFixed(0)} MB |`;
  return [
    "| GitHub's document, 13 MB, to Swagger 2.0 | CPU | Memory |",
    '|---|---|---|',
    row('`npm run openapi -- emit`', ours),
    row(PEER.name, theirs),
    `| ratio | ${(theirs.cpu / ours.cpu).toFixed(1)} | ${(theirs.memory / ours.memory).toFixed(1)} |`,
  ].join('\n');

  async function usages(args: () => readonly string[]): Promise<Usage> {
    const memory: number[] = [];
    const cpu = await sample(ROUNDS, async () => {
      const used = await measure(args(), folder);
      memory.push(used.memory);
      return used.cpu;
    });
    return { cpu: median(cpu), memory: median(memory) };
  }
}

/** Node tells at its end what it used. */
const REPORT = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  require('node:fs').writeSync(3, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, memory: maxRSS / 1024 }));
});`;

function measure(args: readonly string[], cwd: string): Promise<Usage> {
  const hook = `data:text/javascript,import{createRequire}from'node:module';const require=createRequire('file:///');${encodeURIComponent(REPORT)}`;
  const child = spawn(process.execPath, ['--import', hook, ...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () =>
      text ? resolve(JSON.parse(text) as Usage) : reject(new Error(`nothing was measured: ${args[0]}`)),
    );
  });
}
