import type { Escaper } from './directives.ts';
import { DockerfileError } from './error.ts';
import { expand, type Lookup } from './expand.ts';
import { type Instruction, quotedWords } from './instruction.ts';
import type { Dockerfile } from './parse.ts';

/** What a build is given from outside, as far as the Dockerfile's variables depend on it. */
export interface BuildOptions {
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** What is built for, e.g. `linux/arm64/v8`; default `linux/amd64`. */
  readonly platform?: string;
  /** What builds; default is what is built for. */
  readonly buildPlatform?: string;
}

/** Values by name; a name without a value was declared and not set. */
export type Values = ReadonlyMap<string, string | undefined>;

/**
 * The values of the ARGs before the first FROM, and of those that BuildKit sets by itself.
 *
 * @see https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
 */
export function globalArguments({ instructions, escaper }: Dockerfile, options: BuildOptions): Values {
  const { platform = 'linux/amd64', buildPlatform = platform, buildArgs = {} } = options;
  const values = new Map<string, string | undefined>([
    ...platformArguments('TARGET', platform),
    ...platformArguments('BUILD', buildPlatform),
  ]);
  for (const [name, value] of Object.entries(buildArgs)) if (values.has(name)) values.set(name, value);
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') break;
    if (instruction.keyword !== 'ARG')
      throw new DockerfileError('no build stage in current context', instruction.line);
    for (const [name, value] of declarations(instruction, (text) => values.get(text), escaper)) {
      const given = Object.hasOwn(buildArgs, name) ? buildArgs[name] : value;
      if (given !== undefined || !values.has(name)) values.set(name, given);
    }
  }
  return values;
}

/** The names and defaults that an ARG declares, or an ENV sets. */
export function declarations(
  { keyword, text, line }: Instruction,
  lookup: Lookup,
  escaper: Escaper,
): [name: string, value: string | undefined][] {
  const words = quotedWords(text, escaper);
  try {
    const [first = ''] = words;
    if (keyword === 'ENV' && !first.includes('=')) {
      // The old form: one name, and everything after it is the value.
      return [[expand(first, lookup, escaper), expand(text.slice(first.length).trim(), lookup, escaper)]];
    }
    return words.map((word) => {
      const [name = '', ...value] = word.split('=');
      const set = value.length > 0 ? expand(value.join('='), lookup, escaper) : undefined;
      return [expand(name, lookup, escaper), set];
    });
  } catch (error) {
    throw error instanceof DockerfileError ? new DockerfileError(error.message, line) : error;
  }
}

/**
 * The names that ARG instructions declare, anywhere in a Dockerfile and in its ONBUILD triggers.
 *
 * @returns undefined where a name is a variable itself, so that it may be any
 */
export function argumentNames({
  instructions,
  escaper,
}: Pick<Dockerfile, 'instructions' | 'escaper'>): Set<string> | undefined {
  const all = instructions.flatMap((instruction) => [
    instruction,
    ...(instruction.trigger ? [instruction.trigger] : []),
  ]);
  const names = new Set<string>();
  for (const { keyword, text } of all) {
    if (keyword !== 'ARG') continue;
    for (const word of quotedWords(text, escaper)) {
      const [name = ''] = word.split('=');
      if (name.includes('$')) return undefined;
      try {
        names.add(expand(name, () => undefined, escaper));
      } catch {
        // The builder says what is wrong with it.
        return undefined;
      }
    }
  }
  return names;
}

function platformArguments(prefix: string, platform: string): [string, string][] {
  const [os = '', arch = '', variant = ''] = platform.split('/');
  return [
    [`${prefix}PLATFORM`, platform],
    [`${prefix}OS`, os],
    [`${prefix}ARCH`, arch],
    [`${prefix}VARIANT`, variant],
  ];
}
