import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { ActionError, input, invalid, missingFileHint } from '@gangway/action';
import { readImage } from './images.ts';

/** A chart is installed or upgraded by the runner's helm. */
export interface ReleaseWork {
  readonly kind: 'release';
  readonly name: string;
  /** A folder, an archive, `oci://…`, or `REPOSITORY/CHART`. */
  readonly chart: string;
  readonly version: string | undefined;
  /** Files, in the order in which later ones win. */
  readonly valueFiles: readonly string[];
  readonly values: readonly Setting[];
  /** As the input has it, not yet by digest. */
  readonly image: string | undefined;
  /** The keys at which the values have the image. */
  readonly imageKeys: readonly string[];
}

/** A value of a chart. */
export interface Setting {
  readonly keys: readonly string[];
  readonly value: string | number | boolean | null;
}

/** Helm's own limit (https://helm.sh/docs/topics/charts). */
const NAME = /^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/;

/** Reads what is said of a release, whose chart is given. @throws ActionError */
export function readRelease(chart: string): ReleaseWork {
  // It would be an option of helm's.
  if (chart.startsWith('-'))
    throw invalid('chart', chart, 'write a folder, a .tgz file, oci://HOST/PATH, or REPOSITORY/CHART');
  const name = input.required('release', 'set it to a name for what the chart makes, such as web');
  if (!NAME.test(name))
    throw invalid('release', name, 'write lower-case letters, digits and dashes, 53 at most');
  const version = input.optional('chart_version');
  if (version?.startsWith('-'))
    throw invalid('chart_version', version, 'write a version such as 1.2.3, or ^1.2');
  const image = input.optional('image') === undefined ? undefined : readImage();
  const imageKey = input.optional('image_value');
  if (imageKey !== undefined && image === undefined)
    throw invalid('image_value', imageKey, 'set image, too: it says where the chart has it');
  return {
    ...{ kind: 'release', name, chart: findChart(chart), version, image },
    valueFiles: input.list('values').map(findValues),
    values: readSettings(),
    imageKeys: keysOf('image_value', imageKey ?? 'image'),
  };
}

/** The path of a chart in the workspace; a URL or REPOSITORY/CHART, which helm finds, as it stands. */
function findChart(chart: string): string {
  const path = inWorkspace(chart);
  if (existsSync(path)) return path;
  if (/^\w+:\/\//.test(chart) || /^[\w-][\w.-]*\/[\w-][\w.-]*(?<!\.tgz)$/.test(chart)) return chart;
  throw absent('chart', chart);
}

function findValues(file: string): string {
  if (/^\w+:\/\//.test(file)) return file;
  const path = inWorkspace(file);
  if (existsSync(path)) return path;
  throw absent('values', file);
}

function inWorkspace(path: string): string {
  return isAbsolute(path) ? path : join(process.env.GITHUB_WORKSPACE ?? process.cwd(), path);
}

function absent(name: 'chart' | 'values', path: string): ActionError {
  return new ActionError(`Input "${name}" is not valid: there is no file or folder "${path}".`, {
    code: 'input-invalid',
    hint: missingFileHint('check the path, which is relative to the workspace'),
  });
}

/** One `NAME=VALUE` per line, each as it stands: commas and braces mean nothing. */
function readSettings(): readonly Setting[] {
  const lines = (input.optional('set') ?? '').split('\n').map((line) => line.trim());
  return lines.filter(Boolean).map((line) => {
    const [, path = '', value = ''] = /^((?:[^=\\]|\\.)*)=(.*)$/s.exec(line) ?? [];
    // The value may be a secret, so the error has only the name.
    if (path === '')
      throw new ActionError('Input "set" is not valid: a line has no NAME before "=".', {
        code: 'input-invalid',
        hint: 'write one NAME=VALUE per line, such as replicaCount=2',
      });
    return { keys: keysOf('set', path), value: typed(value) };
  });
}

/** `a.b\.c` is the key `b.c` of `a`. */
function keysOf(name: string, path: string): readonly string[] {
  const keys = path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
  if (keys.some((key) => key === '' || key === '__proto__' || /[[\]{},]/.test(key)))
    throw invalid(
      name,
      path,
      'write keys with dots between them, such as web.image; put lists into a file of values',
    );
  return keys;
}

/** As helm's --set reads it (https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set). */
function typed(value: string): Setting['value'] {
  if (value === 'null') return null;
  if (value === 'true' || value === 'false') return value === 'true';
  return /^(0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}
