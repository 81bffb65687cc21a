import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface PlanStep {
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
}

/** What a run of the step said, and the outputs that it set. */
export interface Plan {
  readonly status: number | null;
  readonly said: string;
  readonly given: Readonly<Record<string, string>>;
}

/** Runs the script of a reusable workflow's first step as the runner does, with what a caller sets. */
export function planStep(workflow: string): (env: Readonly<Record<string, string>>) => Plan {
  const { env: declared, run } = firstStep(workflow);
  // What a caller leaves out is empty, not unset.
  const empty = Object.fromEntries(Object.keys(declared).map((name) => [name, '']));
  return (env) => {
    const folder = mkdtempSync(join(tmpdir(), 'gangway-plan-'));
    try {
      const output = join(folder, 'output');
      const { status, stdout, stderr } = spawnSync(
        'bash',
        ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run],
        {
          env: { PATH: process.env.PATH ?? '', GITHUB_OUTPUT: output, ...empty, ...env },
          encoding: 'utf8',
        },
      );
      const lines = status === 0 ? readFileSync(output, 'utf8').trim().split('\n') : [];
      const given = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
      return { status, said: `${stdout}${stderr}`, given };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

function firstStep(workflow: string): PlanStep {
  const text = readFileSync(join(root, '.github/workflows', workflow), 'utf8');
  const { jobs } = parse(text) as { jobs: { deploy: { steps: [PlanStep] } } };
  return jobs.deploy.steps[0];
}
