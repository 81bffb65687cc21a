import { Rejection } from '../rejection.ts';

const MAX_PATH = 8192;

/** A request target taken apart: the path normalised, the query as it came (with its `?`, or empty). */
export interface RequestPath {
  readonly path: string;
  readonly query: string;
}

/**
 * Normalises a path as Envoy does for ESPv2: dot segments and `\` resolved, escaped unreserved characters
 * unescaped, slashes merged. `%2F` stays: it is no slash.
 *
 * @throws Rejection 400 for a target that is too long or has a fragment
 */
export function requestPath(target: string): RequestPath {
  if (Buffer.byteLength(target) > MAX_PATH)
    throw new Rejection(400, `Path is too long, max allowed size is ${MAX_PATH}.`);
  if (target.includes('#')) throw new Rejection(400, 'Path cannot contain fragment identifier (#)');
  const origin = target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/?]*/i, '');
  const mark = origin.indexOf('?');
  const raw = mark < 0 ? origin : origin.slice(0, mark);
  return { path: normalised(raw || '/'), query: mark < 0 ? '' : origin.slice(mark) };
}

function normalised(path: string): string {
  const plain = path.replace(/%([0-9A-Fa-f]{2})/g, (escaped, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escaped;
  });
  const segments: string[] = [];
  const parts = plain.replace(/\\/g, '/').split('/').slice(1);
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    if (part === '..') segments.pop();
    else if (part !== '.') segments.push(part);
    // A dot segment at the end leaves the slash before it.
    if (last && (part === '.' || part === '..')) segments.push('');
  }
  return `/${segments.join('/')}`.replace(/\/{2,}/g, '/');
}
