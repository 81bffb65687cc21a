import { EXPRESSION } from './expressions.ts';
import type { Job, Step, WorkflowText } from './workflow.ts';

/** Variables that every runner sets, as expressions. */
const RUNNER: Readonly<Record<string, string>> = {
  GITHUB_SHA: '${{ github.sha }}',
  GITHUB_REF: '${{ github.ref }}',
  GITHUB_REF_NAME: '${{ github.ref_name }}',
  GITHUB_HEAD_REF: '${{ github.head_ref }}',
  GITHUB_BASE_REF: '${{ github.base_ref }}',
  GITHUB_RUN_ID: '${{ github.run_id }}',
  GITHUB_RUN_NUMBER: '${{ github.run_number }}',
  GITHUB_RUN_ATTEMPT: '${{ github.run_attempt }}',
  GITHUB_REPOSITORY: '${{ github.repository }}',
  GITHUB_REPOSITORY_OWNER: '${{ github.repository_owner }}',
  GITHUB_ACTOR: '${{ github.actor }}',
  GITHUB_WORKFLOW: '${{ github.workflow }}',
  GITHUB_EVENT_NAME: '${{ github.event_name }}',
  GITHUB_WORKSPACE: '${{ github.workspace }}',
};

/**
 * What is known of variables and outputs while a job's steps are read in their order. Values are texts with GitHub's expressions in
 * them.
 */
export class Scope {
  readonly #workflow: Readonly<Record<string, string>>;
  readonly #job: Readonly<Record<string, string>>;
  /** Written to GITHUB_ENV by earlier steps; undefined where the value is not known. */
  readonly #exported = new Map<string, string | undefined>();
  readonly #outputs = new Map<string, string>();

  constructor({ env }: Pick<WorkflowText, 'env'>, job: Pick<Job, 'env'>) {
    this.#workflow = env;
    this.#job = job.env;
  }

  /** Notes what a step writes to GITHUB_ENV. */
  export(name: string, value: string | undefined): void {
    this.#exported.set(name, value);
  }

  /** Notes what a step writes to GITHUB_OUTPUT. */
  output(step: string, name: string, value: string): void {
    this.#outputs.set(`${step}.${name}`, value);
  }

  /**
   * A variable of a step's shell, as it is written in inputs: `${{ env.NAME }}` where the workflow or the job sets it.
   *
   * @returns undefined for one that is not known
   */
  variable(name: string, step: Pick<Step, 'env'>): string | undefined {
    if (Object.hasOwn(step.env, name)) return step.env[name];
    if (this.#exported.has(name) || Object.hasOwn(this.#job, name) || Object.hasOwn(this.#workflow, name))
      return `\${{ env.${name} }}`;
    return RUNNER[name];
  }

  /** A text with the variables and outputs in it that are known put in, once. */
  expanded(text: string): string {
    return text.replace(EXPRESSION, (whole, inner: string) => {
      const expression = inner.trim();
      const [, name = ''] = /^env\.([A-Za-z_]\w*)$/.exec(expression) ?? [];
      if (name) return this.#environment(name) ?? `\${{ ${expression} }}`;
      const [, step = '', output = ''] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression) ?? [];
      return this.#outputs.get(`${step}.${output}`) ?? (whole && `\${{ ${expression} }}`);
    });
  }

  /** A text in the one form that two of the same meaning share: everything put in that is known. */
  canonical(text: string): string {
    let found = text;
    for (let round = 0; round < 10; round += 1) {
      const next = this.expanded(found);
      if (next === found) break;
      found = next;
    }
    return found;
  }

  #environment(name: string): string | undefined {
    if (this.#exported.has(name)) return this.#exported.get(name);
    return this.#job[name] ?? this.#workflow[name];
  }
}
