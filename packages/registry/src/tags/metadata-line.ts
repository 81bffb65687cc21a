import { kinds, type Make, PRIORITY, type TagRule } from './tag-rule.ts';

/** A line of docker/metadata-action's that it would not take either. */
export class MetadataLineError extends Error {}

interface Attributes {
  readonly type: string;
  readonly get: (name: string) => string | undefined;
}

/** The attributes of each type, besides those of all. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  schedule: ['pattern'],
  semver: ['pattern', 'value', 'match'],
  pep440: ['pattern', 'value', 'match'],
  match: ['pattern', 'group', 'value'],
  edge: ['branch'],
  ref: ['event'],
  raw: ['value'],
  sha: ['format'],
};
const COMMON = ['type', 'enable', 'priority', 'prefix', 'suffix'];

/**
 * Reads a line of docker/metadata-action's input `tags`: `type=ref,event=branch`.
 *
 * @throws MetadataLineError with what to write
 * @see https://github.com/docker/metadata-action#tags-input
 */
export function readMetadataLine(text: string): TagRule {
  const attributes = readAttributes(text);
  const { type, get } = attributes;
  const priority = get('priority');
  if (priority !== undefined && !/^\d+$/.test(priority)) throw new MetadataLineError('write priority=NUMBER');
  return {
    text,
    priority: priority ? Number(priority) : PRIORITY[type as keyof typeof PRIORITY],
    enable: get('enable') ?? 'true',
    prefix: get('prefix') ?? defaultPrefix(attributes),
    suffix: get('suffix'),
    make: makeOf(attributes),
  };
}

/** Parts of a comma-separated line; one in double quotes may hold commas (RFC 4180). */
export function splitFields(text: string): string[] {
  const fields = text.match(/(?:^|,)(?:\s*"(?:[^"]|"")*"\s*(?=,|$)|[^,]*)/g) ?? [];
  return fields
    .map((field) => field.replace(/^,/, '').trim())
    .map((field) => (/^"[\s\S]*"$/.test(field) ? field.slice(1, -1).replaceAll('""', '"') : field))
    .filter((field) => field !== '');
}

function readAttributes(text: string): Attributes {
  const values = new Map<string, string>();
  for (const field of splitFields(text)) {
    const at = field.indexOf('=');
    const name = at < 1 ? 'value' : field.slice(0, at).trim().toLowerCase();
    values.set(name, field.slice(at + 1).trim());
  }
  const type = values.get('type') ?? '';
  const own = Object.hasOwn(OWN, type) ? OWN[type] : undefined;
  if (!own) throw new MetadataLineError(`write type=TYPE, one of ${Object.keys(OWN).join(', ')}`);
  const unknown = [...values.keys()].find((name) => ![...COMMON, ...own].includes(name));
  if (unknown) {
    throw new MetadataLineError(
      `type=${type} takes ${[...own, ...COMMON.slice(1)].join(', ')}, not ${unknown}`,
    );
  }
  return { type, get: (name) => values.get(name) };
}

function defaultPrefix({ type, get }: Attributes): string | undefined {
  if (type === 'sha') return 'sha-';
  return type === 'ref' && get('event') === 'pr' ? 'pr-' : undefined;
}

function makeOf(attributes: Attributes): Make {
  const { type, get } = attributes;
  switch (type) {
    case 'schedule':
      return kinds.schedule(get('pattern') ?? 'nightly');
    case 'semver':
    case 'pep440':
      return kinds.version({
        scheme: type,
        pattern: needed(attributes, 'pattern', '{{version}}'),
        value: get('value') ?? '',
        match: get('match') ? expression(get('match') ?? '') : undefined,
      });
    case 'match':
      return kinds.match(
        expression(needed(attributes, 'pattern', 'v(.*)')),
        Number(oneOf(attributes, 'group', '0', /^\d+$/, 'a number')),
        get('value') ?? '',
      );
    case 'edge':
      return kinds.edge(get('branch') ?? '');
    case 'ref':
      return kinds.ref(
        { branch: 'heads', tag: 'tags', pr: 'pull' }[
          oneOf(attributes, 'event', '', /^(branch|tag|pr)$/, 'branch, tag or pr')
        ] as 'heads',
      );
    case 'sha':
      return kinds.sha(oneOf(attributes, 'format', 'short', /^(short|long)$/, 'short or long') as 'short');
    default:
      return kinds.raw(needed(attributes, 'value', 'v1'));
  }
}

function needed({ type, get }: Attributes, name: string, example: string): string {
  const value = get(name);
  if (!value) throw new MetadataLineError(`type=${type} needs ${name}, such as ${name}=${example}`);
  return value;
}

function oneOf(
  { get }: Attributes,
  name: string,
  fallback: string,
  pattern: RegExp,
  choices: string,
): string {
  const value = get(name) ?? fallback;
  if (!pattern.test(value)) throw new MetadataLineError(`write ${name}= with ${choices}`);
  return value;
}

/** A regular expression, bare or as `/PATTERN/FLAGS`. */
function expression(text: string): RegExp {
  const [, pattern = text, flags = ''] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? [];
  try {
    return new RegExp(pattern, flags.replace(/[gy]/g, ''));
  } catch (cause) {
    throw new MetadataLineError(`"${text}" is no regular expression`, { cause });
  }
}
