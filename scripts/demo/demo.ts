import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { baseImage, startEngine } from '@gangway/engine';
import { type LocalCloud, startLocalCloud } from '../local-cloud.ts';
import { callGateway } from './calls.ts';
import { type Deployment, deploy, StepFailure } from './deploy.ts';
import { example, pipeline } from './pipeline.ts';
import type { Terminal } from './terminal.ts';

export interface DemoOptions {
  readonly keep: boolean;
  /** Milliseconds each long-running operation of the cloud takes. */
  readonly operationTime: number;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Runs the demo and leaves nothing running. Returns the exit code: 0, 1 for a failure, 130 when interrupted. */
export async function demo(options: DemoOptions): Promise<number> {
  const { terminal, signal } = options;
  const started = performance.now();
  const closers: (() => Promise<void>)[] = [];
  let code = 0;
  try {
    await carryOut(options, closers);
  } catch (error) {
    code = signal.aborted ? 130 : 1;
    if (!signal.aborted) explain(error, terminal);
  }
  terminal.text('');
  for (const close of closers.reverse()) {
    await close().catch((error: unknown) => {
      code ||= 1;
      terminal.text(`Could not clean up: ${error instanceof Error ? error.message : error}`);
    });
  }
  const time = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  terminal.text(`${code === 130 ? 'Interrupted. ' : ''}Nothing is left running. ${time} in all.`, {
    dim: true,
  });
  return code;
}

async function carryOut(
  { keep, operationTime, terminal, signal }: DemoOptions,
  closers: (() => Promise<void>)[],
): Promise<void> {
  terminal.text(terminal.bold('Gangway: from a repository to a protected API, on this machine'));
  terminal.text(
    `The repository is ${relative(process.cwd(), example) || example}. Nothing leaves this machine for a cloud.`,
    { dim: true },
  );

  terminal.heading('The local cloud');
  const engine = await terminal.step('Docker engine', async (progress) => {
    const value = await startEngine({ onProgress: progress, signal });
    closers.push(value.stop);
    return { value, result: value.private ? 'a private one, for this run' : value.host };
  });
  signal.throwIfAborted();
  const base = await terminal.step('Python base image', async (progress) => {
    const value = await baseImage(engine, { onProgress: progress, signal });
    return { value, result: value };
  });
  signal.throwIfAborted();
  const local = await terminal.step('Google Cloud and GitHub', async () => {
    const value = await startLocalCloud(engine, operationTime);
    closers.push(() => value.close());
    return { value, result: value.cloud.origin };
  });

  const temp = join(local.folder, 'runner');
  await mkdir(temp);
  const steps = pipeline({
    base,
    workloadIdentityProvider: local.exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER ?? '',
    serviceAccount: local.exports.GANGWAY_SERVICE_ACCOUNT ?? '',
    gatewayServiceAccount: local.exports.GANGWAY_GATEWAY_SERVICE_ACCOUNT ?? '',
  });
  const job = { steps, env: local.stepEnvironment, temp, terminal, signal };

  terminal.heading('Deploy');
  const first = await deploy(job);
  const { url, key } = access(first);

  terminal.heading(`Call ${url}`);
  await callGateway(url, key, terminal);

  terminal.heading('Deploy again');
  const second = await deploy(job);
  const same = second.outputs.build?.digest === first.outputs.build?.digest;
  const changed = [...second.changed, ...(same ? [] : ['Build and push'])];
  if (changed.length > 0) throw new Error(`The second deployment changed something: ${changed.join(', ')}.`);
  terminal.check(true, 'Nothing has changed', 'same image, same revision, same config, same key');

  if (keep) await stayUp(local, url, key, terminal, signal);
}

function access({ outputs }: Deployment): { url: string; key: string } {
  const url = outputs.gateway?.url ?? '';
  return { url: /^https?:/.test(url) ? url : `http://${url}`, key: outputs.key?.key ?? '' };
}

async function stayUp(
  local: LocalCloud,
  url: string,
  key: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const file = join(local.folder, 'exports.sh');
  const lines = Object.entries(local.exports).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`,
  );
  await writeFile(file, lines.join(''), { mode: 0o600 });
  terminal.heading('It stays up until Ctrl-C');
  terminal.text(`  URL      ${url}`);
  terminal.text(`  key      ${key}`);
  terminal.text(`  exports  source ${file}`);
  terminal.text('');
  terminal.text(`  curl -H 'x-api-key: ${key}' ${new URL('/models/linear', url)}`);
  terminal.text('  gcloud api-gateway gateways list        (after the exports)');
  if (!signal.aborted) await once(signal, 'abort');
}

function explain(error: unknown, terminal: Terminal): void {
  if (error instanceof StepFailure) {
    terminal.heading(error.message);
    terminal.details(error.log.split('\n'));
    terminal.text('');
    terminal.text(
      'The log of the step is above, its error last. Run the demo again when it is mended: it starts afresh.',
    );
    return;
  }
  terminal.heading('The demo could not go on.');
  terminal.text(error instanceof Error ? error.message : String(error));
}
