import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRouter } from '../../packages/emulator/src/kernel/http/router.ts';
import { services } from '../../packages/emulator/src/services.ts';

interface Facts {
  readonly api: string;
  readonly version: string;
  readonly methods: Readonly<Record<string, { readonly http: string }>>;
}

type AnyRoute = { readonly method: string; readonly template: string };

/** The tables of docs/local-cloud.md: what of each API that Google publishes is there and what is refused, by the routes of its service. */
export function localCloudTables(root: string): Readonly<Record<string, string>> {
  const folder = join(root, 'packages/emulator/src/google/discovery');
  const published = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Facts);
  const known = new Set(published.map(({ api }) => api));
  return {
    methods: table(
      ['API', 'There', 'Refused'],
      published.map((facts) => rowOf(facts)),
    ),
    paths: table(
      ['Service', 'Paths'],
      services
        .filter(({ name }) => !known.has(name))
        .map(({ title, routes }) => [title, pathsOf(routes as readonly AnyRoute[])]),
    ),
  };
}

function rowOf({ api, version, methods }: Facts): string[] {
  const service = services.find(({ name }) => name === api);
  const find = createRouter((service?.routes ?? []) as readonly AnyRoute[]);
  const all = Object.entries(methods).map(([id, { http }]) => {
    const [verb = '', path = ''] = http.split(' ');
    return { id, there: find(verb, sampleOf(path)) !== undefined };
  });
  const some = (there: boolean) =>
    grouped(all.filter((method) => method.there === there).map(({ id }) => id));
  const count = all.filter(({ there }) => there).length;
  return [`${service?.title} ${version}: ${count} of ${all.length}`, some(true), some(false)];
}

/** A path that a template takes: `/v1/{name=projects/*}` becomes `/v1/projects/x`. What has one place is global. */
function sampleOf(template: string): string {
  return template
    .replace(/\{\w+(?:=([^}]*))?\}/g, (_, glob: string = '*') => glob.replace(/^\*(?=\/)/, 'projects'))
    .replace(/\/locations\/\*+/g, '/locations/global')
    .replace(/\*+/g, 'x');
}

/** Methods by resource: `services`: create, delete. */
function grouped(ids: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const parts = id.split('.').slice(1);
    const verb = parts.pop() ?? '';
    const resource = parts.filter(
      (part, index) => !(index < 2 && ['projects', 'locations'].includes(part)) || parts.length === 1,
    );
    const name = resource.join('.') || parts.join('.') || 'itself';
    groups.set(name, [...(groups.get(name) ?? []), verb]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, verbs]) => `\`${name}\`: ${[...new Set(verbs)].sort().join(', ')}`)
    .join('<br>');
}

function pathsOf(routes: readonly AnyRoute[]): string {
  const paths = new Map<string, string[]>();
  for (const { method, template } of routes) paths.set(template, [...(paths.get(template) ?? []), method]);
  return [...paths].map(([path, methods]) => `\`${methods.join(', ')} ${path}\``).join('<br>');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
