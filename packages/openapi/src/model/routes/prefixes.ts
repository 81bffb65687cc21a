import type { BackendOptions, PrefixedBackend } from '../../options.ts';

/** A line of `backends` that can't be used. */
export interface BackendsFailure {
  readonly line: string;
  /** What is wrong with it, and what to write. */
  readonly problem: string;
}

const FORM = 'write PREFIX=URL[,AUDIENCE], e.g. /orders=https://orders-abc.a.run.app';

/**
 * Reads lines that say which paths go to which backend, each `PREFIX=URL[,AUDIENCE]`.
 *
 * @param rest what holds for each of them, such as the deadline
 */
export function readBackends(
  lines: readonly string[],
  rest: Omit<BackendOptions, 'address' | 'jwtAudience'> = {},
): readonly PrefixedBackend[] | BackendsFailure {
  const found = new Map<string, PrefixedBackend>();
  for (const line of lines) {
    const fail = (problem: string): BackendsFailure => ({ line, problem });
    const at = line.indexOf('=');
    if (at < 0) return fail(`it has no "="; ${FORM}`);
    const prefix = line
      .slice(0, at)
      .trim()
      .replace(/(?<=.)\/+$/, '');
    const [address = '', audience, ...more] = line
      .slice(at + 1)
      .split(',')
      .map((part) => part.trim());
    if (!/^\/([^\s?#*/]+(\/[^\s?#*/]+)*)?$/.test(prefix))
      return fail(
        `the prefix ${JSON.stringify(prefix)} is not the beginning of a path: it must start with a slash, consist of whole segments, and have no * or query; ${FORM}`,
      );
    if (more.length > 0 || audience === '') return fail(`one audience can follow the URL; ${FORM}`);
    if (!/^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/.test(address))
      return fail(`${JSON.stringify(address)} is not a URL with scheme, host and path; ${FORM}`);
    const key = erased(prefix);
    if (found.has(key)) return fail(`an earlier line has the prefix ${prefix} too; keep one of the two`);
    found.set(key, {
      ...rest,
      prefix,
      address: address.replace(/\/+$/, ''),
      ...(audience === undefined ? {} : { jwtAudience: audience }),
    });
  }
  return [...found.values()];
}

/** The backend whose prefix is the longest of those that a path begins with, segment by segment. */
export function backendFor(path: string, backends: readonly PrefixedBackend[]): PrefixedBackend | undefined {
  const segments = segmentsOf(path);
  return backends
    .filter(({ prefix }) => segmentsOf(prefix).every((segment, index) => segment === segments[index]))
    .sort((a, b) => segmentsOf(b.prefix).length - segmentsOf(a.prefix).length)[0];
}

/** What a variable is called makes no difference. */
function erased(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, '{}');
}

function segmentsOf(path: string): readonly string[] {
  return erased(path).split('/').filter(Boolean);
}
