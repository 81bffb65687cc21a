import { mkdtempSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { hashFilesRead } from './files-read.ts';

const folder = mkdtempSync(join(tmpdir(), 'gangway-files-'));
const FILES: Readonly<Record<string, string>> = {
  'app.conf': 'a',
  'machine.json': JSON.stringify({
    files: [{ guest_path: '/a', local_path: 'app.conf' }],
    containers: [{ name: 'app', files: [{ guest_path: '/b', local_path: 'own.conf' }] }],
  }),
  'own.conf': 'b',
  'deploy/compose.yml':
    'services:\n  web:\n    image: nginx\n    volumes:\n      - ./nginx.conf:/etc/nginx.conf:ro\n      - "a b.conf:/c"\n      - data:/data\n',
  'deploy/nginx.conf': 'n',
  'deploy/a b.conf': 'ab',
  'public/css/site.css': 'css',
};

beforeAll(async () => {
  for (const name of ['deploy', 'public/css']) await mkdir(join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
});

it.each([
  [{}, []],
  [{ files: [{ local_path: 'app.conf' }, { raw_value: 'x' }] }, ['app.conf']],
  [{ files: [{ local_path: 'gone.conf' }] }, ['gone.conf']],
  [{ machine_config: 'machine.json' }, ['app.conf', 'machine.json', 'own.conf']],
  [{ machine_config: FILES['machine.json'] }, ['app.conf', 'own.conf']],
  [{ experimental: { machine_config: 'machine.json' } }, ['app.conf', 'machine.json', 'own.conf']],
  [
    { build: { compose: { file: 'compose.yml' } } },
    ['deploy/a b.conf', 'deploy/compose.yml', 'deploy/nginx.conf'],
  ],
  [{ build: { compose: {} } }, ['deploy/a b.conf', 'deploy/compose.yml', 'deploy/nginx.conf']],
  [
    { statics: [{ guest_path: 'public', url_prefix: '/' }, { guest_path: '/app/public' }] },
    ['public/css/site.css'],
  ],
  [{ statics: [{ guest_path: 'public', tigris_bucket: 'own' }] }, []],
])('names what flyctl reads for %j', async (config, expected) => {
  const hashed = await hashFilesRead(JSON.stringify(config), 'deploy/fly.toml', folder);
  expect(hashed.map(([path]) => path)).toEqual(expected.map((name) => join(folder, name)));
});

it('hashes the content', async () => {
  const config = JSON.stringify({ machine_config: 'machine.json' });
  const before = await hashFilesRead(config, 'fly.toml', folder);
  expect(await hashFilesRead(config, 'fly.toml', folder)).toEqual(before);
  writeFileSync(join(folder, 'own.conf'), 'other');
  expect(await hashFilesRead(config, 'fly.toml', folder)).not.toEqual(before);
});
