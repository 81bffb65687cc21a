import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, startJob } from '../helpers/job.ts';

// needs: base-image
// takes minutes

const EXAMPLE = fileURLToPath(new URL('../../examples/fastapi-with-login', import.meta.url));
const IMAGE = 'us-central1-docker.pkg.dev/demo-project/apis/notes';
const SPEC_COMMAND = "python -c 'import json, main; print(json.dumps(main.app.openapi()))'";
const { GANGWAY_BASE_IMAGE: BASE = '' } = process.env;

describe('bearer tokens that FastAPI issues and reads itself', () => {
  let job: Job;
  let workspace: string;
  let image: string;
  let spec: string;

  beforeAll(async () => {
    job = await startJob();
    workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
    await cp(EXAMPLE, workspace, { recursive: true });
    const build = { image: IMAGE, build_args: `BASE=${BASE}`, spec_command: SPEC_COMMAND };
    ({ image = '', spec = '' } = (await job.step('build-and-push', build, { workspace })).outputs);
  });
  afterAll(async () => {
    await job[Symbol.asyncDispose]();
    await rm(workspace, { recursive: true, force: true });
  });

  it('are refused by the checks without a word on who reads them', async () => {
    const inputs = { spec, backend: 'https://notes.a.run.app', offline: 'true' };
    const { annotations } = await job.step(
      'deploy-api-config',
      { api: 'notes', location: 'us-central1', ...inputs },
      { fails: true, workspace, signIn: false },
    );
    const said = annotations.map(({ message }) => message).join('\n');
    expect(said).toContain('OAuth2PasswordBearer is OAuth2 with passwords');
    expect(said).toContain('set passthrough: OAuth2PasswordBearer');
    expect(said).toContain('X-Forwarded-Authorization');
  });

  it('go through the gateway with the middleware, and with it alone', async () => {
    for (const [gateway, service, answered] of [
      ['BEHIND_GATEWAY=1', 'notes', 200],
      ['', 'bare', 401],
    ] as const) {
      const { outputs } = await job.step('deploy-cloud-run', {
        service,
        region: 'us-central1',
        image,
        env_vars: `TOKEN_SECRET=of-the-test\nANAS_PASSWORD=kettle\n${gateway}`,
        invokers: job.gatewayServiceAccount,
      });
      const { outputs: made } = await job.step('deploy-api-config', {
        api: service,
        location: 'us-central1',
        spec,
        backend: outputs.url ?? '',
        passthrough: 'OAuth2PasswordBearer',
        gateway_service_account: job.gatewayServiceAccount,
      });
      const { managed_service: services = '' } = made;
      const { outputs: own } = await job.step('create-api-key', { key_id: service, services });
      const call = (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
        fetch(`${made.url}${path}`, { ...init, headers: { 'x-api-key': own.key ?? '', ...headers } });
      const login = (password: string) =>
        call('/token', { method: 'POST', body: new URLSearchParams({ username: 'ana', password }) });

      expect((await login('wrong')).status).toBe(400);
      const { access_token: token } = (await (await login('kettle')).json()) as { access_token: string };
      const notes = await call('/notes', {}, { authorization: `Bearer ${token}` });
      expect(notes.status, await notes.clone().text()).toBe(answered);
      if (answered === 200) expect(await notes.json()).toEqual({ owner: 'ana', notes: ['Buy tea'] });
      // Neither nobody's token nor the gateway's own is the caller's.
      expect((await call('/notes')).status).toBe(401);
      expect((await call('/notes', {}, { authorization: 'Bearer of-mine.forged' })).status).toBe(401);
      // The gateway asks for a key besides, and the service for the gateway.
      expect(
        (await fetch(`${made.url}/notes`, { headers: { authorization: `Bearer ${token}` } })).status,
      ).toBe(401);
      expect(
        (await fetch(`${outputs.url}/notes`, { headers: { authorization: `Bearer ${token}` } })).status,
      ).toBe(401);
    }
    await job.post();
  });
});
