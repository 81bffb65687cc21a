import type { Context as ContextOf } from '../../contracts.ts';

/** What can be changed of the project. */
export interface ProjectSettings {
  displayName?: string;
  labels?: Readonly<Record<string, string>>;
}

/** What the handlers of Cloud Resource Manager work with. */
export type Context = ContextOf<{ readonly projectSettings: ProjectSettings }, 'iam'>;
