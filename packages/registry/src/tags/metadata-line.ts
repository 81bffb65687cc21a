import { kinds, type Make, PRIORITY, type TagRule } from './tag-rule.ts';
import { checkTemplate } from './template.ts';

/** A line of docker/metadata-action's that it would not take either. */
export class MetadataLineError extends Error {}

interface Attributes {
  readonly type: string;
  readonly names: readonly string[];
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
  const enable = get('enable') ?? 'true';
  try {
    check(attributes);
    const priority = get('priority');
    if (priority !== undefined && !/^\d+$/.test(priority))
      throw new MetadataLineError('write priority=NUMBER');
    const prefix = get('prefix') ?? defaultPrefix(attributes);
    const suffix = get('suffix');
    for (const template of [prefix, suffix]) checkTemplate(template ?? '');
    return {
      text,
      priority: priority ? Number(priority) : PRIORITY[type as keyof typeof PRIORITY],
      enable,
      prefix,
      suffix,
      make: makeOf(attributes),
    };
  } catch (error) {
    if (enable === 'true') throw error;
    // What is wrong with a line that is switched off matters where it is switched on.
    const make: Make = () => {
      throw error;
    };
    return { text, priority: 0, enable, prefix: undefined, suffix: undefined, make };
  }
}

/** Whether a line is one of docker/metadata-action's. Without `type=` it is of the type raw there. */
export function isMetadataLine(text: string): boolean {
  return splitFields(text).some((field) => /^(type|value|enable|priority|prefix|suffix)\s*=/i.test(field));
}

/**
 * Parts of a comma-separated line; one in double quotes may hold commas (RFC 4180). A value in double quotes of its own, which
 * docker/metadata-action can't read, means what stands in them.
 */
export function splitFields(text: string): string[] {
  const fields = text.match(/(?:^|,)(?:\s*(?:[a-z]+\s*=\s*)?"(?:[^"]|"")*"\s*(?=,|$)|[^,]*)/gi) ?? [];
  return fields
    .map((field) => field.replace(/^,/, '').trim())
    .map((field) => {
      const [, name = '', quoted] = /^([a-z]+\s*=\s*)?"([\s\S]*)"$/i.exec(field) ?? [];
      return quoted === undefined ? field : name + quoted.replaceAll('""', '"');
    })
    .filter((field) => field !== '');
}

function readAttributes(text: string): Attributes {
  const values = new Map<string, string>();
  for (const field of splitFields(text)) {
    const at = field.indexOf('=');
    const name = at < 1 ? 'value' : field.slice(0, at).trim().toLowerCase();
    values.set(name, field.slice(at + 1).trim());
  }
  return { type: values.get('type') ?? 'raw', names: [...values.keys()], get: (name) => values.get(name) };
}

function check({ type, names }: Attributes): void {
  const own = Object.hasOwn(OWN, type) ? OWN[type] : undefined;
  if (!own) throw new MetadataLineError(`write type=TYPE, one of ${Object.keys(OWN).join(', ')}`);
  const unknown = names.find((name) => ![...COMMON, ...own].includes(name));
  if (unknown) {
    throw new MetadataLineError(
      `type=${type} takes ${[...own, ...COMMON.slice(1)].join(', ')}, not ${unknown}`,
    );
  }
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
      return kinds.raw(needed(attributes, 'value', 'v1', true));
  }
}

/** @param empty whether it may be, as where an expression of the workflow comes out so */
function needed({ type, get }: Attributes, name: string, example: string, empty = false): string {
  const value = get(name);
  if (value === undefined || (value === '' && !empty))
    throw new MetadataLineError(`type=${type} needs ${name}, such as ${name}=${example}`);
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
    throw new MetadataLineError(`"${text}" is not a regular expression`, { cause });
  }
}
