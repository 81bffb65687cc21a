import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { bareRunner } from './bare-runner.ts';

const runner = bareRunner();
const { root, setUp } = runner;
afterAll(() => runner.remove());

describe('the record as an artifact', () => {
  const token = `x.${Buffer.from(JSON.stringify({ scp: 'Actions.Other Actions.Results:run-1:job-2' })).toString('base64url')}.y`;

  /** GitHub's artifact service and its blob store, as their clients see them. */
  async function artifacts(
    answer: (request: IncomingMessage, body: Buffer, origin: string) => [number, unknown],
  ) {
    const asked: { path: string; body: Buffer; authorization: string | undefined }[] = [];
    const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
      const body = await buffer(request);
      asked.push({
        path: `${request.method} ${request.url}`,
        body,
        authorization: request.headers.authorization,
      });
      const [status, sent] = answer(request, body, origin());
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(sent));
    });
    const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { asked, origin: origin(), close: () => server.close() };
  }

  it('is uploaded whole, and the signed place shows nowhere', async () => {
    const service = await artifacts((request, _, origin) => [
      request.method === 'PUT' ? 201 : 200,
      request.url?.endsWith('CreateArtifact')
        ? { ok: true, signed_upload_url: `${origin}/blob?sig=s1gned` }
        : { ok: true },
    ]);
    const env = { ACTIONS_RESULTS_URL: service.origin, ACTIONS_RUNTIME_TOKEN: token };
    const setup = await setUp({ keep_record: 'always', artifact_name: 'local cloud' }, env);
    const post = await setup.post();
    service.close();
    expect(post?.annotations, post?.log).toMatchObject([
      { message: expect.stringContaining('artifact "local cloud"') },
    ]);
    const [create, block, list, finalize] = service.asked;
    expect(create).toMatchObject({ authorization: `Bearer ${token}` });
    expect(JSON.parse(create?.body.toString() ?? '')).toEqual({
      workflow_run_backend_id: 'run-1',
      workflow_job_run_backend_id: 'job-2',
      name: 'local cloud',
      version: 4,
    });
    expect(block).toMatchObject({ path: expect.stringMatching(/comp=block&/), authorization: undefined });
    expect(list?.path).toContain('comp=blocklist');
    expect(JSON.parse(finalize?.body.toString() ?? '')).toMatchObject({
      size: String(block?.body.length),
      hash: expect.stringMatching(/^sha256:/),
    });
    writeFileSync(join(root, 'record.zip'), block?.body ?? '');
    // A stranger reads it.
    const read = spawnSync(
      'python3',
      [
        '-c',
        'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), sorted(z.namelist()))',
        join(root, 'record.zip'),
      ],
      { encoding: 'utf8' },
    );
    expect(read.stdout).toBe("None ['output.log', 'requests.jsonl', 'resources.json']\n");
    expect(post?.log).not.toContain('s1gned');
  });

  it('stays in a folder, with a warning, where it is not taken', async () => {
    const service = await artifacts(() => [403, { msg: 'quota exceeded' }]);
    const env = { ACTIONS_RESULTS_URL: service.origin, ACTIONS_RUNTIME_TOKEN: token };
    const setup = await setUp({ keep_record: 'always' }, env);
    const post = await setup.post();
    service.close();
    expect(post?.exitCode).toBe(0);
    expect(post?.annotations[0]?.message).toMatch(
      /could not be uploaded.*stays in \S+: .*CreateArtifact answered 403.*quota exceeded/,
    );
  });

  it.each([
    ['failure', 'success'],
    ['never', 'failure'],
  ] as const)('is not made with keep_record %s after %s', async (keep, status) => {
    const setup = await setUp({ keep_record: keep });
    const post = await setup.post(status);
    expect(post?.exitCode).toBe(0);
    expect(post?.log).not.toMatch(/record/);
    await expect(fetch(setup.outputs.origin ?? '')).rejects.toThrow();
  });
});
