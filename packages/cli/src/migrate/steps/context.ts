import type { NewStep, Unit } from '../model/outcome.ts';
import { Scope } from '../model/scope.ts';
import type { Job, Step, WorkflowText } from '../model/workflow.ts';
import type { Read } from '../shell/words.ts';
import type { ApiConfig, Build, Credentials, FlySecrets } from './waiting.ts';

/** Files of the repository, as far as a migration asks for them. */
export interface Files {
  readonly has: (path: string) => boolean;
}

/** What is known while the steps of a job are read in their order. */
export class JobContext {
  readonly workflow: WorkflowText;
  readonly job: Job;
  readonly files: Files;
  readonly scope: Scope;
  readonly units: Unit[] = [];
  readonly builds: Build[] = [];
  readonly added: NewStep[] = [];
  /** Steps that deploy, by the canonical name of the service. */
  readonly services = new Map<string, NewStep>();
  readonly signIns: Credentials[] = [];
  readonly flySecrets: FlySecrets[] = [];
  readonly apis: ApiConfig[] = [];
  /** Keys that were written to files, by the file. */
  readonly keyFiles = new Map<string, { readonly value: string; readonly unit: Unit }>();
  /** What `flyctl auth token` was told. */
  flyToken: string | undefined;
  /** What `gcloud config set` and setup-gcloud set. */
  project: string | undefined;
  region: string | undefined;
  /** Variables of the shell, of the step that is read. */
  variables = new Map<string, Read>();
  /** The folder of the shell, from the top of the repository. */
  folder = '.';
  /** The ids of steps whose shell hands variables on as outputs. */
  readonly handedOn = new Map<Step, { readonly id: string; readonly names: Set<string> }>();
  /** Whether what the shell of the step knows can't be said any more, as after `source`. */
  isOpaque = false;
  /** Whether the folder that the shell is in can't be said any more. */
  isLost = false;
  readonly #ids: Set<string>;

  constructor(workflow: WorkflowText, job: Job, files: Files) {
    this.workflow = workflow;
    this.job = job;
    this.files = files;
    this.scope = new Scope(workflow, job);
    this.#ids = new Set(job.steps.flatMap(({ id }) => id ?? []));
  }

  /** An id that no step of the job has. */
  newId(wish: string): string {
    let id = wish;
    for (let number = 2; this.#ids.has(id); number += 1) id = `${wish}-${number}`;
    this.#ids.add(id);
    return id;
  }

  /** Outputs of a step that something else in the workflow reads. */
  outputsRead({ id, from, to }: Step): ReadonlySet<string> {
    if (id === undefined) return new Set();
    const { text } = this.workflow;
    const rest = text.slice(this.job.from, from) + text.slice(to, this.job.to);
    const reads = rest.matchAll(new RegExp(`\\bsteps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'));
    return new Set([...reads].map(([, name = '']) => name));
  }

  /** Whether the job looks at how a step ended. */
  isJudged({ id }: Step): boolean {
    return (
      id !== undefined && new RegExp(`\\bsteps\\.${id}\\.(outcome|conclusion)\\b`).test(this.workflow.text)
    );
  }

  /** Parts and steps that stay between a place and the one that is read. */
  staysBetween(from: number, to: number): Unit[] {
    return this.units.slice(from + 1, to).filter(({ outcome }) => outcome.kind === 'stays');
  }

  /** The id of a step that hands on what its shell finds out. */
  handOn(step: Step, name: string): string {
    const handed = this.handedOn.get(step) ?? { id: step.id ?? this.newId('values'), names: new Set() };
    handed.names.add(name);
    this.handedOn.set(step, handed);
    return handed.id;
  }

  /** A path from the top of the repository, of one from the folder that the shell is in. */
  path(text: string): string {
    const [, below] = /^\$\{\{\s*github\.workspace\s*\}\}\/?([\s\S]*)$/.exec(text) ?? [];
    if (below !== undefined) return below || '.';
    if (text.startsWith('/')) return text;
    const parts = [...this.folder.split('/'), ...text.split('/')].filter(
      (part) => part !== '' && part !== '.',
    );
    const kept: string[] = [];
    for (const part of parts) {
      // An expression may stand for several folders.
      if (part === '..' && kept.length > 0 && !/^\.\.$|\$\{\{/.test(kept.at(-1) ?? '')) kept.pop();
      else kept.push(part);
    }
    return kept.join('/') || '.';
  }
}
