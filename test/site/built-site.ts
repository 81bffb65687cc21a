import { spawn } from 'node:child_process';
import { createReadStream, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The documentation site in a folder of its own, as `npm run site` builds it. */
export interface BuiltSite extends AsyncDisposable {
  readonly status: number | null;
  /** What the build printed. */
  readonly output: string;
  /** Its pages, e.g. `get-started/fly.html`. */
  readonly pages: readonly string[];
  read(page: string): string;
  /** Serves it on 127.0.0.1. */
  serve(): Promise<Served>;
}

export interface Served extends AsyncDisposable {
  readonly origin: string;
}

export async function buildSite(): Promise<BuiltSite> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-site-'));
  const { status, output } = await run(folder);
  return {
    status,
    output,
    pages: globSync('**/*.html', { cwd: folder }).toSorted(),
    read: (page) => readFileSync(join(folder, page), 'utf8'),
    serve: () => serve(folder),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function run(folder: string): Promise<{ status: number | null; output: string }> {
  const vitepress = join(ROOT, 'node_modules/vitepress/bin/vitepress.js');
  const env = { ...process.env, GANGWAY_SITE_OUT: folder, NODE_ENV: 'production', VITEST: undefined };
  const child = spawn(process.execPath, [vitepress, 'build', 'docs'], { cwd: ROOT, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

async function serve(folder: string): Promise<Served> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const path = join(folder, normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    const file = [path, `${path}.html`];
    for (const candidate of file) {
      if (!(await stat(candidate).catch(() => undefined))?.isFile()) continue;
      response.setHeader('content-type', TYPES[extname(candidate)] ?? 'application/octet-stream');
      createReadStream(candidate).pipe(response);
      return;
    }
    response.statusCode = 404;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
