import { isMap } from 'yaml';
import { type Job, readWorkflow, type Step, type WorkflowText } from '../model/workflow.ts';
import type { Fault } from './fault.ts';
import { pastedIn } from './pasted.ts';

const DEPLOYS =
  /gangway-dev\/gangway\/|deploy-cloudrun@|build-push-action@|flyctl|fly deploy|fly-pr-review-apps|gcloud (?:\w+ )?run |docker push|api-gateway/;

/**
 * Faults that deploy workflows commonly have.
 *
 * @param text of a workflow
 */
export function faultsIn(text: string): Fault[] {
  const workflow = readWorkflow(text.replaceAll('\r\n', '\n'));
  if (!workflow || !DEPLOYS.test(text)) return [];
  const steps = workflow.jobs.flatMap((job) => job.steps);
  const faults = [
    unpinned(workflow, steps),
    moving(steps),
    ...pastedIn(steps),
    ...keys(workflow, steps),
    ...permissions(workflow),
    timeouts(workflow),
    ...concurrency(workflow),
  ];
  return faults.filter((fault): fault is Fault => fault !== undefined && fault.lines.length > 0);
}

function unpinned({ text, jobs, lineOf }: WorkflowText, steps: readonly Step[]): Fault {
  const used = steps.filter(({ uses }) => isOthers(uses) && !/@[0-9a-f]{40}$/.test(uses ?? ''));
  const called = jobs.filter(({ map }) => {
    const uses = map.get('uses');
    return typeof uses === 'string' && isOthers(uses) && !/@[0-9a-f]{40}$/.test(uses);
  });
  return {
    what: 'not pinned to a commit',
    advice: 'A tag can be moved: write the commit, and the version as a comment.',
    lines: [
      ...used.map(({ from, to }) => lineOf(from + Math.max(text.slice(from, to).search(/\buses:/), 0))),
      ...called.map(({ line }) => line),
    ].sort((a, b) => a - b),
  };
}

function isOthers(uses = ''): boolean {
  return uses.includes('@') && !uses.startsWith('.') && !uses.startsWith('docker://');
}

function moving(steps: readonly Step[]): Fault {
  return {
    what: 'an action at a branch, which changes under you',
    advice: 'Write a version, best its commit.',
    lines: steps
      .filter(({ uses }) => /@(master|main|HEAD|develop)$/.test(uses ?? ''))
      .map(({ line }) => line),
  };
}

function keys({ text, lineOf }: WorkflowText, steps: readonly Step[]): Fault[] {
  const lines = steps
    .filter(
      ({ with: given, run = '' }) =>
        given.credentials_json !== undefined ||
        given.service_account_key !== undefined ||
        /^_json_key/.test(given.username ?? '') ||
        /_json_key|activate-service-account/.test(run),
    )
    .map(({ line }) => line);
  const asks = /^\s*["']?id-token["']?\s*:\s*["']?write/m.exec(text);
  return [
    {
      what: asks ? 'a long-lived key, though the job may ask for an OIDC token' : 'a long-lived key',
      advice:
        'Sign in by workload_identity_provider, without a key that can leak: docs/set-up.md makes the provider.',
      lines:
        asks && lines.length > 0
          ? [...lines, lineOf(asks.index + (asks[0].length - asks[0].trimStart().length))].sort(
              (a, b) => a - b,
            )
          : lines,
    },
  ];
}

function permissions({ jobs, map, lineOf }: WorkflowText): Fault[] {
  const whole = map.get('permissions', true);
  const open = jobs.filter((job) => !job.keys.includes('permissions'));
  const all = [map, ...jobs.map((job) => job.map)].flatMap((one) => {
    const value = one.get('permissions', true) as { value?: unknown; range?: readonly number[] } | undefined;
    return value && !isMap(value) && value.value === 'write-all' ? [lineOf(value.range?.[0] ?? 0)] : [];
  });
  return [
    {
      what: 'no permissions, so that the token of the job may do all that the repository allows by default',
      advice: 'Write "permissions: {}" at the top, and what a job needs below it.',
      lines: whole === undefined ? open.map(({ line }) => line) : [],
    },
    { what: 'permissions: write-all', advice: 'Name what the job needs.', lines: all },
  ];
}

function timeouts({ jobs }: WorkflowText): Fault {
  return {
    what: 'no timeout-minutes, so that a job that hangs runs for six hours',
    advice: 'Write timeout-minutes: 30, or what the job takes at most.',
    lines: jobs
      .filter(({ keys: has }) => !has.includes('timeout-minutes') && !has.includes('uses'))
      .map(({ line }) => line),
  };
}

function concurrency({ jobs, map, lineOf }: WorkflowText): Fault[] {
  const cancels = [map, ...jobs.map((job) => job.map)].flatMap((one) => {
    const value = one.getIn(['concurrency', 'cancel-in-progress'], true) as
      | { value?: unknown; range?: readonly number[] }
      | undefined;
    return value?.value === true ? [lineOf(value.range?.[0] ?? 0)] : [];
  });
  const onPullRequests = /^\s*["']?pull_request/m.test(String(map.get('on') ?? map.get('true') ?? ''));
  return [
    {
      what: 'no concurrency, so that two runs deploy at once and the older may win',
      advice: 'Write concurrency with a group for each environment.',
      lines: map.has('concurrency')
        ? []
        : jobs
            .filter(deploysIn)
            .filter(({ keys: has }) => !has.includes('concurrency'))
            .map(({ line }) => line),
    },
    {
      what: 'cancel-in-progress, which stops a deploy in the middle',
      advice: 'Leave it out where the run deploys.',
      lines: onPullRequests ? [] : cancels,
    },
  ];
}

function deploysIn({ steps }: Job): boolean {
  return steps.some(({ uses = '', run = '' }) => DEPLOYS.test(uses) || DEPLOYS.test(run));
}
