import { input, invalid } from '@gangway/action';
import type { Volume } from '../api/resources.ts';
import { volumeName } from '../api/volume-name.ts';
import { quantity } from '../limits/quantity.ts';

/** A volume and where the main container has it. */
export interface MountedVolume {
  readonly volume: Volume;
  readonly path: string;
}

const EXAMPLES =
  'type=cloud-storage,bucket=BUCKET,mount-path=/data or type=in-memory,size-limit=256Mi,mount-path=/cache';
/** Keys of each type, as `gcloud run deploy --add-volume` has them (https://cloud.google.com/sdk/gcloud/reference/run/deploy#--add-volume). */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'cloud-storage': ['bucket', 'readonly', 'mount-options'],
  'in-memory': ['size-limit'],
  nfs: ['location', 'readonly'],
};

/**
 * Reads the input `volumes`: one per line, in the words of gcloud's `--add-volume` and `--add-volume-mount`.
 *
 * @returns undefined when it is empty, none for `none`
 * @throws ActionError that quotes the line
 */
export function readVolumes(): readonly MountedVolume[] | undefined {
  const lines = input.lines('volumes');
  if (lines.length === 0) return undefined;
  if (lines.length === 1 && lines[0] === 'none') return [];
  const volumes = lines.map(readLine);
  for (const [index, { path, volume }] of volumes.entries()) {
    const line = lines[index] ?? '';
    if (volumes.findIndex((other) => other.path === path) !== index)
      throw invalid('volumes', line, `${path} is listed twice; keep one`);
    if (volumes.findIndex((other) => other.volume.name === volume.name) !== index)
      throw invalid('volumes', line, `the name ${volume.name} is listed twice; keep one`);
  }
  return volumes;
}

function readLine(line: string): MountedVolume {
  const pairs = line.split(',').map((item) => item.trim().split(/=(.*)/s) as [string, string?]);
  const given = new Map(pairs.map(([key, value = '']) => [key, value]));
  const type = given.get('type') ?? '';
  const own = Object.hasOwn(KEYS, type) ? KEYS[type] : undefined;
  if (!own)
    throw invalid('volumes', line, `write type=${Object.keys(KEYS).join(', or type=')}, e.g. ${EXAMPLES}`);
  const known = ['type', 'name', 'mount-path', ...own];
  const strange = pairs.find(([key, value]) => !known.includes(key) || value === undefined);
  if (strange || given.size < pairs.length)
    throw invalid(
      'volumes',
      line,
      `a volume of type ${type} has ${known.join(', ')}, each once; e.g. ${EXAMPLES}`,
    );
  const path = given.get('mount-path') ?? '';
  if (!/^\/[^:]+$/.test(path))
    throw invalid('volumes', line, 'write mount-path=/FOLDER, not the root, without ":"');
  const name = given.get('name') ?? volumeName('volume', path);
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
    throw invalid('volumes', line, 'a name has lower-case letters, digits and dashes, 63 at most');
  return { path, volume: { name, ...sourceOf(type, given, line) } };
}

function sourceOf(type: string, given: ReadonlyMap<string, string>, line: string): Partial<Volume> {
  const readonly = given.get('readonly') ?? 'false';
  if (!/^(true|false)$/i.test(readonly))
    throw invalid('volumes', line, 'write readonly=true or readonly=false');
  const readOnly = readonly.toLowerCase() === 'true' && { readOnly: true };
  if (type === 'cloud-storage') {
    const bucket = (given.get('bucket') ?? '').replace(/^gs:\/\//, '');
    if (!/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(bucket))
      throw invalid('volumes', line, 'write bucket=NAME, the name of a Cloud Storage bucket');
    const options = given.get('mount-options');
    return { gcs: { bucket, ...readOnly, ...(options && { mountOptions: options.split(';') }) } };
  }
  if (type === 'nfs') {
    const [, server = '', path] = /^([^:]+):(\/.*)$/.exec(given.get('location') ?? '') ?? [];
    if (!path) throw invalid('volumes', line, 'write location=SERVER:/PATH');
    return { nfs: { server, path, ...readOnly } };
  }
  const size = given.get('size-limit');
  if (size !== undefined && quantity(size) === undefined)
    throw invalid('volumes', line, 'write an amount such as size-limit=256Mi');
  return { emptyDir: { medium: 'MEMORY', ...(size && { sizeLimit: size }) } };
}
