import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepResult } from '@gangway/runner';
import { type Job, startJob } from './job.ts';

/** A job with a backend, whose steps deploy documents to API Gateway. */
export interface GatewayJob extends AsyncDisposable {
  readonly job: Job;
  /** Where the document lies. */
  readonly workspace: string;
  /** Address of a backend that answers 200 to everything. */
  readonly backend: string;
  /** Runs deploy-api-config with a document; `api` is `hello` unless the inputs say otherwise. */
  deploy(
    document: object | string,
    inputs?: Readonly<Record<string, string>>,
    options?: Parameters<Job['step']>[2],
  ): Promise<StepResult>;
  /** What a request to Google's part of the cloud was, tokens left out. */
  requests(work: () => Promise<unknown>): Promise<readonly string[]>;
}

export async function startGatewayJob(options: Parameters<typeof startJob>[0] = {}): Promise<GatewayJob> {
  const job = await startJob(options);
  const workspace = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
  const server = createServer((_, response) => response.end('{}'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const backend = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    job,
    workspace,
    backend,
    async deploy(document, inputs = {}, stepOptions = {}) {
      const { spec = 'openapi.json' } = inputs;
      await writeFile(
        join(workspace, spec),
        typeof document === 'string' ? document : JSON.stringify(document, null, 2),
      );
      const given = {
        api: 'hello',
        location: 'us-central1',
        spec,
        backend,
        gateway_service_account: job.gatewayServiceAccount,
        verify_timeout: '3s',
      };
      return job.step('deploy-api-config', { ...given, ...inputs }, { workspace, ...stepOptions });
    },
    async requests(work) {
      const all = await job.requests(work);
      return all.filter((request) => !/idtoken|\/v1\/token|generateAccessToken/.test(request));
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await rm(workspace, { recursive: true, force: true });
      await job[Symbol.asyncDispose]();
    },
  };
}
