import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudWithImage, deploy, SERVICES, send, whatIsMissing } from '../../../test/run.ts';
import { type RunningCloud, startCloud } from '../../cloud.ts';
import { labelOf } from '../../docker/label.ts';

// needs: engine, busybox

const run = promisify(execFile);
const missing = await whatIsMissing();

describe.skipIf(missing)('Cloud Run services that are kept (needs a Docker engine and busybox)', () => {
  let folder: string;
  let cloud: RunningCloud | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gangway-data-'));
  });
  afterAll(async () => {
    await cloud?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('answer again after a stop, at the same address, by the same revision, in new containers', async () => {
    const data = join(folder, 'data');
    const first = await cloudWithImage({ data });
    cloud = first.cloud;
    const { token } = first;
    const script = '/bin/busybox echo serving; exec /bin/busybox httpd -f -p $PORT -h /www';
    const container = { command: ['/bin/busybox'], args: ['sh', '-c', script] };
    await deploy(cloud, token, 'POST', 'web', { ...container, env: [{ name: 'GREETING', value: 'kept' }] });
    const path = `${SERVICES}/web`;
    cloud.iam.grant(path, 'roles/run.invoker', 'allUsers');
    const before = await send(cloud, token, 'GET', path);
    const call = async () => (await fetch(`${before.uri}/cgi-bin/echo`)).text();
    await expect.poll(call).toContain('GREETING=kept');
    const written = await linesOf(cloud);
    expect(written).toEqual([expect.stringMatching(/ serving$/)]);
    await cloud.close();
    await expect(call()).rejects.toThrow();
    expect(await containersOf(data)).toEqual([]);

    const notices: string[] = [];
    cloud = await startCloud({ data, onNotice: (line) => notices.push(line) });
    expect(notices).toEqual([]);
    expect(await call()).toContain('GREETING=kept');
    const after = await send(cloud, token, 'GET', path);
    expect(after).toEqual(before);
    expect(await containersOf(data)).toHaveLength(1);
    expect(await linesOf(cloud)).toEqual([...written, expect.stringMatching(/ serving$/)]);
  });

  it('say so where they do not come up', async () => {
    await cloud?.close();
    const notices: string[] = [];
    const options = { data: join(folder, 'data'), dockerHost: 'unix:///nowhere/docker.sock' };
    cloud = await startCloud({ ...options, onNotice: (line) => notices.push(line) });
    expect(notices).toEqual([expect.stringContaining(`${SERVICES}/web does not come up again: `)]);
    expect(cloud.run.list('')).toHaveLength(1);
  });
});

/** What the containers of a cloud have written, as its log has it. */
async function linesOf({ contracts }: RunningCloud): Promise<string[]> {
  const entries = await Promise.all((contracts.logSources ?? []).map((source) => source.entries()));
  return entries.flat().map(({ timestamp, text }) => `${timestamp} ${text}`);
}

/** The containers of the cloud of a folder, which its label names. */
async function containersOf(data: string): Promise<string[]> {
  const filter = `label=${labelOf('dev.gangway.cloud', data)}`;
  const { stdout } = await run('docker', ['ps', '--all', '--quiet', '--filter', filter]);
  return stdout.split('\n').filter(Boolean);
}
