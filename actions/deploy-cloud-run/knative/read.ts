import type { ActionError } from '@gangway/action';
import type { Job, Service } from '../api/resources.ts';
import { readJob } from './job.ts';
import { readYaml } from './read-yaml.ts';
import { readService } from './service.ts';

/** What a file describes, in the terms of the API v2. */
export type Described = (
  | { readonly kind: 'service'; readonly name: string | undefined; readonly service: Service }
  | { readonly kind: 'job'; readonly name: string | undefined; readonly job: Job }
) & {
  /**
   * An error that says where something stands in the file.
   *
   * @param at below the `spec` of the template, unless it begins with a slash
   */
  readonly wrong: (at: string, value: string, cure: string) => ActionError;
};

/**
 * Reads a service or a job as `gcloud run services replace` and `gcloud run jobs replace` take it: Knative's serving
 * API with Cloud Run's annotations (https://cloud.google.com/run/docs/reference/yaml/v1).
 *
 * @param name of the file, for errors
 * @throws ActionError `metadata-invalid` that says which line is wrong
 */
export function readDescription(name: string, text: string): Described {
  const root = readYaml(name, text);
  const kind = root.map().find(([field]) => field === 'kind')?.[1];
  if (!kind) throw root.wrong('it has no kind', 'write kind: Service, or kind: Job');
  const wrong = (template: string) => (at: string, value: string, cure: string) =>
    root
      .at(at.startsWith('/') ? at.slice(1) : `${template}.${at}`)
      .wrong(`${quoted(value)} can't be used`, cure);
  return kind.word<() => Described>({
    Service: () => ({ kind: 'service', ...readService(root), wrong: wrong('spec.template.spec') }),
    Job: () => ({ kind: 'job', ...readJob(root), wrong: wrong('spec.template.spec.template.spec') }),
  })();
}

function quoted(value: string): string {
  return value.length > 120 ? `"${value.slice(0, 120)}…"` : `"${value}"`;
}
