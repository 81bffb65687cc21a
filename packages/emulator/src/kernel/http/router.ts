import type { Route } from './route.ts';

export interface Match<R> {
  readonly route: R;
  readonly params: Record<string, string>;
}

/**
 * Finds the first route that takes this method and path. A path variable is one segment (and stops at a
 * `:verb`, not at the colon in a project's id that has a domain); a last `{name=**}` takes the rest.
 */
export function createRouter<R extends Pick<Route<never>, 'method' | 'template'>>(
  routes: readonly R[],
): (method: string, path: string) => Match<R> | undefined {
  // Hundreds of them take a while to compile, which a cloud that starts need not wait for.
  const patterns = new Map<R, RegExp>();
  const patternOf = (route: R) => {
    const pattern = patterns.get(route) ?? compile(route.template);
    patterns.set(route, pattern);
    return pattern;
  };
  return (method, path) => {
    for (const route of routes) {
      if (route.method !== method) continue;
      const match = patternOf(route).exec(path);
      if (match) return { route, params: decode(match.groups ?? {}) };
    }
    return undefined;
  };
}

/** Fills a template's variables: `projects/{project}` with `{project: 'p'}` is `projects/p`. */
export function fill(template: string, params: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)(?:=\*\*)?\}/g, (_, name: string) => params[name] ?? '');
}

function compile(template: string): RegExp {
  const source = template
    .split(/(\{\w+(?:=\*\*)?\})/)
    .map((part) => {
      const name = /^\{(\w+)/.exec(part)?.[1];
      if (!name) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return part.includes('=**') ? `(?<${name}>.*)` : `(?<${name}>[^/:]+(?::[^/:]+(?=[/:]))?)`;
    })
    .join('');
  return new RegExp(`^${source}$`);
}

function decode(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}
