import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment, type RunningCloud, startCloud, writeEnvironmentFiles } from '@gangway/emulator';
import { removeImages } from '@gangway/engine';
import { runAction, type StepResult } from '@gangway/runner';
import { expect } from 'vitest';
import { leakingFiles, leaksIn } from './leaks.ts';

/** A job against a local cloud of its own: each step runs a bundle as the runner does, and is searched for leaks. */
export interface Job extends AsyncDisposable {
  readonly cloud: RunningCloud;
  readonly project: string;
  readonly gatewayServiceAccount: string;
  /** What gcloud and curl need, the owner's token included. */
  readonly exports: Readonly<Record<string, string>>;
  /** RUNNER_TEMP. */
  readonly temp: string;
  /** Runs an action and expects it to succeed, unless told that it fails. */
  step(action: string, inputs: Readonly<Record<string, string>>, options?: StepOptions): Promise<StepResult>;
  /** The requests that `work` makes. */
  requests(work: () => Promise<unknown>): Promise<readonly string[]>;
  /** The post scripts of the steps so far, last first; expects RUNNER_TEMP to hold nothing of theirs after. */
  post(): Promise<void>;
}

interface StepOptions {
  /** `either`: the test looks for itself. */
  readonly fails?: boolean | 'either';
  readonly workspace?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sign in to Google as the deployer; default true. */
  readonly signIn?: boolean;
  /** Further secrets that must not show. */
  readonly secrets?: readonly string[];
  /** RUNNER_TEMP of a runner of the step's own; default: the job's. */
  readonly temp?: string;
  /** Cancels the step. */
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** A program and its first arguments that starts the step, as in `RunOptions`. */
  readonly launcher?: readonly string[];
}

/** A fifth of what a step takes is to compile its bundle: V8 keeps what it made, which no user's runner does. */
const COMPILED = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/bundles', import.meta.url)),
};

export async function startJob(options: Parameters<typeof startCloud>[0] = {}): Promise<Job> {
  const temp = await mkdtemp(join(tmpdir(), 'gangway-job-'));
  const { DOCKER_HOST: dockerHost } = process.env;
  const cloud = await startCloud({ ...(dockerHost && { dockerHost }), ...options });
  const files = await mkdtemp(join(tmpdir(), 'gangway-env-'));
  const exports = environment(cloud, await writeEnvironmentFiles(cloud, files));
  const { CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: _, ...stepEnvironment } = exports;
  const ran: StepResult[] = [];
  const runnerTemp = join(temp, 'runner');

  return {
    cloud,
    exports,
    project: cloud.project.id,
    gatewayServiceAccount: exports.GANGWAY_GATEWAY_SERVICE_ACCOUNT ?? '',
    temp: runnerTemp,
    async step(
      action,
      inputs,
      { fails = false, workspace, env = {}, signIn = true, secrets = [], temp = runnerTemp, ...more } = {},
    ) {
      const google = signIn && {
        workload_identity_provider: exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
        service_account: exports.GANGWAY_SERVICE_ACCOUNT ?? '',
      };
      const docker = dockerHost && { DOCKER_HOST: dockerHost };
      const { signal, onLine, launcher } = more;
      const result = await runAction({
        action,
        inputs: { ...google, ...inputs },
        env: { ...COMPILED, ...stepEnvironment, ...docker, ...env },
        temp,
        ...(workspace && { workspace }),
        ...(signal && { signal }),
        ...(onLine && { onLine }),
        ...(launcher && { launcher }),
      });
      ran.push(result);
      expectOutcome(result, fails);
      const all = [
        ...secretsOf(cloud),
        ...cloud.fly.tokens.all(),
        exports.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '',
        ...secrets,
      ];
      await expectNoLeak(result, all, workspace ?? join(temp, 'workspace'));
      return result;
    },
    async requests(work) {
      const before = cloud.requests.length;
      await work();
      return cloud.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    },
    async post() {
      for (const result of ran.splice(0).reverse()) expect((await result.post())?.exitCode ?? 0).toBe(0);
      const files = await readdir(runnerTemp, { recursive: true });
      const left = files.filter((name) => name.startsWith('gangway-'));
      expect(left).toEqual([]);
    },
    async [Symbol.asyncDispose]() {
      await cloud.close();
      if (dockerHost) await removeImages(new URL(cloud.origin).host, { DOCKER_HOST: dockerHost });
      await rm(temp, { recursive: true, force: true });
      await rm(files, { recursive: true, force: true });
    },
  };
}

function expectOutcome(result: StepResult, fails: boolean | 'either'): void {
  if (fails === 'either') return;
  if (fails) expect(result.exitCode, result.log).not.toBe(0);
  else expect(result.exitCode, result.log).toBe(0);
}

/** Every secret that a cloud has given out so far. */
export function secretsOf(cloud: RunningCloud): string[] {
  const keys = cloud.apiKeys.list(cloud.clock.now()).map(({ keyString }) => keyString);
  return [...cloud.tokens.all(), ...cloud.keys.signed(), ...cloud.registryTokens.all(), ...keys];
}

/** Looks for secrets in what was written; the key and the token that an action is there to put out are what they are for. */
async function expectNoLeak(
  result: StepResult,
  secrets: readonly string[],
  workspace: string,
): Promise<void> {
  const { key: _, token: __, ...outputs } = result.outputs;
  const written = [result.written, ...Object.values({ ...outputs, ...result.exported })].join('\n');
  expect(leaksIn(written, secrets), `secrets show in the output of the step:\n${result.log}`).toEqual([]);
  expect(await leakingFiles(workspace, secrets), 'files of the workspace that hold secrets').toEqual([]);
}
