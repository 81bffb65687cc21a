import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ActionError } from '@gangway/action';
import { FileError, LIMITS, readText } from '@gangway/files';
import { parse, stringify, TomlError, type TomlTable } from 'smol-toml';

/** What a project.toml says of a build, and this step adds to it. */
export interface Project {
  /** The builder that it names. */
  readonly builder: string | undefined;
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[] | undefined;
  /** The descriptor that pack gets in its place. */
  readonly descriptor: string;
}

/** What no image is to hold: the history, which may come with a token, and the credentials of google-github-actions/auth. */
const PRIVATE = ['.git', 'gha-creds-*.json'];

/**
 * Reads the project.toml of a context. Where it says nothing of files, `.gcloudignore` does, as for `gcloud run deploy --source`.
 *
 * @throws ActionError `project-invalid` at its line
 * @see https://github.com/buildpacks/spec/blob/main/extensions/project-descriptor.md
 */
export function readProject(context: string): Project {
  const file = join(context, 'project.toml');
  const toml = existsSync(file) ? read(file) : { _: { 'schema-version': '0.2' } };
  const version = textOf(tableOf(toml._)['schema-version']);
  const build = settingsOf(toml, version);
  const include = linesOf(build.include, file, 'include');
  const own = linesOf(build.exclude, file, 'exclude');
  if (include && own)
    throw new ActionError(`${file} has both include and exclude, and pack takes one of them.`, {
      code: 'project-invalid',
      hint: 'keep include or exclude',
      place: { file },
    });
  const exclude = own ?? (include ? undefined : ignoredByGcloud(context));
  const files = include
    ? { include: [...include, ...PRIVATE.map((pattern) => `!${pattern}`)] }
    : { exclude: [...(exclude ?? []), ...PRIVATE.filter((pattern) => !exclude?.includes(`!${pattern}`))] };
  Object.assign(build, files);
  anchorBuildpacks(build, context);
  return {
    builder: textOf(build.builder),
    include: files.include,
    exclude: files.exclude,
    descriptor: stringify(toml),
  };
}

/** Writes the descriptor for pack, and tells its path. */
export async function writeDescriptor({ descriptor }: Project, scratch: string): Promise<string> {
  const path = join(scratch, 'project.toml');
  await writeFile(path, descriptor);
  return path;
}

function read(file: string): TomlTable {
  try {
    return parse(readText(file, LIMITS.settings, { lenient: true }));
  } catch (error) {
    const invalid = { code: 'project-invalid', hint: 'correct it', cause: error };
    if (error instanceof TomlError) {
      const [what = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
      throw new ActionError(`${file} can't be read at line ${error.line}: ${what}.`, {
        ...invalid,
        place: { file, line: error.line },
      });
    }
    if (error instanceof FileError)
      throw new ActionError(`${file} can't be read: ${error.message}.`, { ...invalid, place: { file } });
    throw error;
  }
}

/** The table that says how to build, which each version of the schema has elsewhere; made where it is missing. */
function settingsOf(toml: TomlTable, version = '0.1'): TomlTable {
  if (version === '0.1') return within(toml, 'build');
  return within(within(toml, 'io'), 'buildpacks');
}

function within(table: TomlTable, name: string): TomlTable {
  const found = tableOf(table[name]);
  table[name] = found;
  return found;
}

function tableOf(value: unknown): TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
    ? (value as TomlTable)
    : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function linesOf(value: unknown, file: string, name: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((line) => typeof line === 'string')) return value;
  throw new ActionError(`${file} has an ${name} that is not a list of patterns.`, {
    code: 'project-invalid',
    hint: `write ${name} = ["PATTERN"]`,
    place: { file },
  });
}

/** pack finds buildpacks of the project relative to its descriptor, which lies elsewhere here. */
function anchorBuildpacks(build: TomlTable, context: string): void {
  const groups = [build.group, build.buildpacks, tableOf(build.pre).group, tableOf(build.post).group];
  for (const buildpack of groups.flatMap((group) => (Array.isArray(group) ? group : []))) {
    const table = tableOf(buildpack);
    const { uri } = table;
    if (typeof uri === 'string' && existsSync(resolve(context, uri))) table.uri = resolve(context, uri);
  }
}

/**
 * The patterns of `.gcloudignore`, with those of a file that it includes.
 *
 * @see https://cloud.google.com/sdk/gcloud/reference/topic/gcloudignore
 */
function ignoredByGcloud(context: string): readonly string[] | undefined {
  const text = textAt(join(context, '.gcloudignore'));
  return text?.split('\n').flatMap((line) => {
    const included = /^#!include:(.+?)\s*$/.exec(line)?.[1];
    return included ? (textAt(join(context, included))?.split('\n') ?? []) : [line];
  });
}

function textAt(path: string): string | undefined {
  return existsSync(path) ? readText(path, LIMITS.ignoreFile, { lenient: true }) : undefined;
}
