import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ActionError, lastLines, log, remember } from '@gangway/action';
import type { Inputs } from '../inputs.ts';
import { gangway } from './gangway.ts';
import { STARTED } from './started.ts';

/** Milliseconds: it takes a second, and longer where an engine is asked that does not answer. */
const PATIENCE = 120_000;

/**
 * Starts the local cloud of the workspace, which outlives this step.
 *
 * @param scratch the step's own folder
 * @returns the variables that point clients at it
 * @throws ActionError `local-cloud` that says what is in the way
 */
export async function startLocalCloud(inputs: Inputs, scratch: string): Promise<Record<string, string>> {
  const { exitCode, stderr } = await gangway(['up', '--detach', ...(await argumentsOf(inputs, scratch))], {
    allowFailure: true,
    timeout: PATIENCE,
  });
  const said = lastLines(stderr, 12);
  if (exitCode !== 0)
    throw new ActionError(`The local cloud did not start: ${said.replace(/^error: /m, '')}`, {
      code: 'local-cloud',
      hint: hintOf(said),
    });
  remember(STARTED, 'yes');
  if (said) log.info(said);
  const { stdout } = await gangway(['env', '--format', 'json']);
  return JSON.parse(stdout) as Record<string, string>;
}

async function argumentsOf(inputs: Inputs, scratch: string): Promise<string[]> {
  const { seed, services, project, repository, environment, port, realHosts, operationTime, dockerHost } =
    inputs;
  const { GITHUB_REF: ref, GITHUB_EVENT_NAME: event } = process.env;
  const apis = join(scratch, 'services.json');
  if (services.length > 0) await writeFile(apis, JSON.stringify({ apis: services }));
  return [
    ...['--project', project, '--repository', repository, '--port', String(port)],
    ...['--operation-time', String(operationTime)],
    ...(ref ? ['--ref', ref] : []),
    ...(event ? ['--event', event] : []),
    ...(environment ? ['--environment', environment] : []),
    ...(realHosts ? ['--real-hosts'] : []),
    ...(dockerHost ? ['--docker-host', dockerHost] : []),
    ...(seed ? ['--seed', resolve(seed)] : []),
    ...(services.length > 0 ? ['--seed', apis] : []),
  ];
}

function hintOf(said: string): string {
  if (/is in use/.test(said)) return 'give the input "port" another one, or leave it out for a free one';
  if (/A local cloud runs for/.test(said)) return 'use this action once in a job';
  return 'correct what the message names';
}
