/** What stands between the braces of a variable, in whatever notation a framework has for it. */
export interface Notation {
  readonly name: string;
  /** `one` segment, or `all` the rest. */
  readonly extent: 'one' | 'all';
  /** Why the gateway matches less, or other, than the notation says, if it does. */
  readonly narrowed?: string;
}

/**
 * Reads a variable. A catch-all is `{name=**}` (Google), `{name+}` (AWS), `{+name}` (RFC 6570), `{*name}` (Spring, Axum),
 * `{**name}` (ASP.NET Core), `{name*}` (hapi), `{name...}` (Go, Ktor), `{*}` (Fastify), `{name:path}` (Starlette, Flask),
 * and any `{name:REGEX}` (chi, gorilla, JAX-RS, Actix) or `{name<REGEX>}` (Symfony) whose expression takes a slash.
 * Constraints of one segment, such as `{id:int}`, the gateway does not check.
 */
export function readNotation(inner: string): Notation {
  const text = inner.trim();
  const [, pattern] = /^[^=]*=(\*\*?)$/.exec(text) ?? [];
  if (pattern !== undefined)
    return { name: text.slice(0, text.indexOf('=')).trim(), extent: pattern === '**' ? 'all' : 'one' };
  const [, constrained, constraint] = /^([^:<]+):(.+)$/s.exec(text) ?? /^([^:<]+)<(.+)>$/s.exec(text) ?? [];
  if (constrained !== undefined && constraint !== undefined)
    return readConstraint(constrained.trim(), constraint.trim());
  const [, before = '', name = '', after = ''] = /^([*+!?.]*)(.*?)([*+?.]*\d*)$/s.exec(text) ?? [];
  if (/^\*+$/.test(text) || text === '...') return { name: 'path', extent: 'all' };
  if (/[*+]/.test(before) || /^(\.\.\.|[*+])$/.test(after))
    return { name: name === '' ? 'path' : name, extent: 'all' };
  const [, segments] = /^\*(\d+)$/.exec(after) ?? [];
  if (segments !== undefined)
    return {
      name,
      extent: 'all',
      narrowed: `takes ${segments} segments, and the gateway any number of them`,
    };
  if (/^\?$/.test(after) || before === '?')
    return { name, extent: 'one', narrowed: 'may be left out, and the gateway wants it' };
  return { name: text, extent: 'one' };
}

/** A type of a framework's, or a regular expression. */
function readConstraint(written: string, constraint: string): Notation {
  const optional = /\?$/.test(written) || (/\?$/.test(constraint) && /^\w/.test(constraint));
  const name = written.replace(/[?*+]+$/, '').replace(/^[*+]+/, '');
  const narrowed = optional ? { narrowed: 'may be left out, and the gateway wants it' } : {};
  if (/^[*+]/.test(written) || constraint === 'path' || constraint === 'any_path')
    return { name, extent: 'all' };
  if (/^[a-z]\w*(\(.*\))?(:[a-z]\w*(\(.*\))?)*\??$/i.test(constraint))
    return { name, extent: 'one', ...narrowed };
  return { name, extent: takesSlash(constraint) ? 'all' : 'one', ...narrowed };
}

/** Whether a regular expression matches anything with a slash in it, tried with what people have in paths. */
function takesSlash(source: string): boolean {
  let expression: RegExp;
  try {
    expression = new RegExp(
      `^(?:${source.replaceAll(/\(\?<?[imsx]+\)|\(\?P</g, (part) => (part === '(?P<' ? '(?<' : ''))})$`,
      's',
    );
  } catch {
    // What nobody here can read is not to be narrowed.
    return true;
  }
  return SAMPLES.some((sample) => expression.test(sample));
}

const SAMPLES = [
  'a/b',
  'a/b/c.d',
  '1/2',
  '/a',
  '/',
  'a/',
  'A/B',
  'a-b/c_d',
  '2024/01',
  'a/b.html',
  'a/b/c/d.js',
];
