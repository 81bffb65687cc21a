import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { locked, run } from '@gangway/engine';
import type { Job } from './job.ts';
import { pushArchive } from './push-image.ts';

export const IMAGE = 'us-central1-docker.pkg.dev/demo-project/services/app';
const AT = 'projects/demo-project/locations/us-central1';
const HOME = `v2/${AT}`;

/** Answers with its environment as JSON, a file it is asked for, or what it is told to be: `BROKEN` answers 500. */
const APP = `import http.server, json, os, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path
        if path.startswith('/file/'): status, body = 200, open(path[5:]).read()
        else: status, body = (500 if os.environ.get('BROKEN') else 200), json.dumps(dict(os.environ))
        self.send_response(status); self.end_headers(); self.wfile.write(body.encode())
    def log_message(self, *args): pass
if os.environ.get('CLOUD_RUN_JOB'):
    print('task', os.environ['CLOUD_RUN_TASK_INDEX'], 'of', os.environ['CLOUD_RUN_TASK_COUNT'], flush=True)
    if os.environ.get('BROKEN'): sys.exit('the table is missing')
    sys.exit(0)
if os.environ.get('CLOUD_RUN_WORKER_POOL'):
    print('working on', os.environ.get('QUEUE'), flush=True)
    while True: time.sleep(1)
if os.environ.get('SAY'): print(os.environ['SAY'], flush=True)
if os.environ.get('CRASH'): sys.exit('no model at ' + os.environ['CRASH'])
http.server.ThreadingHTTPServer(('', int(os.environ['PORT'])), Handler).serve_forever()
`;

const DOCKERFILE = 'ARG BASE\nFROM $BASE\nCOPY app.py /app.py\nCMD ["python3", "/app.py"]\n';
const ARCHIVES = fileURLToPath(new URL('../../node_modules/.cache/app-archives', import.meta.url));

/**
 * Builds an image for services and jobs of tests, and pushes it; returns it by digest. How it gets there is the test of others:
 * Docker would compress its base for the registry of each test file.
 */
export async function buildApp(job: Job, base: string): Promise<string> {
  await owner(job, 'POST', `v1/${AT}/repositories?repositoryId=services`, { format: 'DOCKER' });
  const { digest } = await pushArchive(job, IMAGE, await appArchive(base), 'v1');
  return `${IMAGE}@${digest}`;
}

/** The image as `docker save` writes it, built once for each base. */
async function appArchive(base: string): Promise<string> {
  const id = await run('docker', ['image', 'inspect', '--format', '{{.Id}}', base]);
  const made = createHash('sha256').update(`${id}${APP}${DOCKERFILE}`).digest('hex').slice(0, 16);
  const archive = join(ARCHIVES, `${made}.tar`);
  await locked('app-archive', async () => {
    if (existsSync(archive)) return;
    await rm(ARCHIVES, { recursive: true, force: true });
    await mkdir(ARCHIVES, { recursive: true });
    await using folder = await workspace({ 'app.py': APP, Dockerfile: DOCKERFILE });
    const name = `gangway-app:${made}`;
    await run('docker', ['build', '--quiet', '--tag', name, '--build-arg', `BASE=${base}`, folder.path]);
    try {
      await run('docker', ['save', '--output', `${archive}.part`, name]);
    } finally {
      await run('docker', ['image', 'rm', '--force', name]);
    }
    await rename(`${archive}.part`, archive);
  });
  return archive;
}

/** A workspace with these files. */
export async function workspace(
  files: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface Shown {
  readonly uri: string;
  readonly latestReadyRevision: string;
  readonly latestCreatedRevision: string;
  readonly labels?: Record<string, string>;
  readonly traffic: readonly { revision?: string; percent?: number; tag?: string; type?: string }[];
  readonly template: Record<string, unknown> & {
    readonly containers: readonly (Record<string, unknown> & { env?: { name: string }[] })[];
  };
}

/** What the API shows, of a path below the region, e.g. `services/app`. */
export async function show<T = Shown>(job: Pick<Job, 'cloud'>, path: string): Promise<T> {
  return (await owner(job, 'GET', `${HOME}/${path}`)) as T;
}

/** A request of the project's owner. */
export async function owner(
  { cloud }: Pick<Job, 'cloud'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const { token } = cloud.tokens.issue(
    { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' },
    600,
  );
  const response = await fetch(`${cloud.origin}/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return response.json();
}

/** A secret with one version. */
export async function addSecret(job: Job, id: string, value: string): Promise<void> {
  job.cloud.serviceUsage.enabled.add('secretmanager.googleapis.com');
  const secrets = 'v1/projects/demo-project/secrets';
  await owner(job, 'POST', `${secrets}?secretId=${id}`, { replication: { automatic: {} } });
  const payload = { data: Buffer.from(value).toString('base64') };
  await owner(job, 'POST', `${secrets}/${id}:addVersion`, { payload });
}

/** Ids of the revisions there are, newest first. */
export async function revisions(job: Job, service: string): Promise<string[]> {
  const { revisions } = await show<{ revisions: { name: string }[] }>(job, `services/${service}/revisions`);
  return revisions.map(({ name }) => name.split('/').at(-1) ?? '');
}
