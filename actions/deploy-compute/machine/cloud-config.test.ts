import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cloudConfig, ownBoot } from './cloud-config.ts';
import type { Container } from './container.ts';
import { unit } from './unit.ts';

// some tests need: cloud-init

const IMAGE = `us-central1-docker.pkg.dev/my-project/apis/app@sha256:${'a'.repeat(64)}`;
const CONTAINER: Container = {
  ports: ['80:8080/tcp'],
  env: [{ name: 'VALUE', value: '%n $HOME "\'\\\n#cloud-config\n\u0001 → 😀: {x}' }],
};

interface Document {
  readonly write_files: readonly { path: string; permissions: string; owner: string; content: string }[];
  readonly runcmd: readonly (readonly string[])[];
}

function boot(container: Container, image = IMAGE) {
  return cloudConfig({ name: 'app', image, container, projectId: 'my-project', universe: 'googleapis.com' });
}

function has(program: string): boolean {
  return spawnSync('which', [program]).status === 0;
}

describe('the user data of a machine', () => {
  const { userData } = boot(CONTAINER);
  const { write_files: files, runcmd } = parse(userData, { version: '1.1' }) as Document;

  it('is a cloud-config that writes the unit and its script, and starts the unit without waiting for it', () => {
    expect(userData).toMatch(/^#cloud-config\n/);
    expect(files.map(({ path, permissions }) => [path, permissions])).toEqual([
      ['/etc/systemd/system/gangway-app.service', '0644'],
      ['/etc/gangway/app/start', '0600'],
    ]);
    expect(runcmd).toEqual([
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'start', '--no-block', 'gangway-app.service'],
    ]);
  });

  it('keeps what a user wrote out of the unit, where systemd would read specifiers', () => {
    expect(files[0]?.content).toBe(unit('app'));
    expect(files[1]?.content).toContain('%n');
  });

  it('has a script that a shell takes', () => {
    const { status, stderr } = spawnSync('/bin/bash', ['-n'], { input: files[1]?.content, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it.skipIf(!has('systemd-analyze'))('has a unit that systemd verifies', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gangway-unit-'));
    try {
      const path = join(folder, 'gangway-app.service');
      writeFileSync(path, files[0]?.content ?? '');
      const verify = (file: string) =>
        spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', file], {
          encoding: 'utf8',
        });
      const { status, stderr } = verify(path);
      expect([status, stderr]).toEqual([0, '']);
      // It tells a unit that is wrong.
      writeFileSync(path, (files[0]?.content ?? '').replace('Restart=always', 'Restart=perhaps'));
      expect(verify(path).stderr).toContain('restart specifier');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.skipIf(!has('python3') || spawnSync('python3', ['-c', 'import yaml']).status !== 0)(
    'is read by PyYAML, as cloud-init reads it, to the same',
    () => {
      const script = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))';
      const read = JSON.parse(execFileSync('python3', ['-c', script], { input: userData, encoding: 'utf8' }));
      expect(read).toEqual(parse(userData, { version: '1.1' }));
    },
  );

  it.skipIf(!has('cloud-init'))('is valid by the schema of cloud-init itself', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gangway-schema-'));
    try {
      const file = join(folder, 'user-data');
      const judge = (text: string) => {
        writeFileSync(file, text);
        return spawnSync('cloud-init', ['schema', '--config-file', file], { encoding: 'utf8' });
      };
      expect(judge(userData).stdout).toContain('Valid');
      // It tells one that is wrong.
      const wrong = judge(userData.replace('permissions: "0600"', 'permissions: 600'));
      expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('permissions')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has an id that changes with the image and with each setting, and with nothing else', () => {
    const { id } = boot(CONTAINER);
    expect(boot({ ...CONTAINER }).id).toBe(id);
    const others = [
      boot(CONTAINER, IMAGE.replaceAll('a'.repeat(64), 'b'.repeat(64))),
      boot({ ...CONTAINER, user: '2000' }),
      boot({ ...CONTAINER, env: [{ name: 'VALUE', value: 'x' }] }),
    ];
    expect(new Set([id, ...others.map((other) => other.id)]).size).toBe(4);
    expect(userData).toContain(`id=${id}`);
  });
});

it('fills the image into a file of the user’s own, wherever it stands', () => {
  const { userData } = ownBoot('a \u0024{IMAGE} b \u0024{IMAGE} $IMAGE', 'x$&@sha256:1');
  expect(userData).toBe('a x$&@sha256:1 b x$&@sha256:1 $IMAGE');
});
