import { input, invalid } from '@gangway/action';

/** Where Container-Optimized OS lets files be written (https://cloud.google.com/container-optimized-os/docs/concepts/disks-and-filesystem). */
const WRITABLE = /^\/(var|home|tmp|run|etc|mnt\/disks|mnt\/stateful_partition)(\/|$)/;
/** What is there already, to be read. */
const THERE = /^\/(dev|proc|sys|usr|lib|lib64|bin|sbin|opt|boot)(\/|$)/;

/**
 * Reads the input `volumes`, one per line, as `docker run --volume` takes them.
 *
 * @returns undefined when it is empty, none for `none`
 * @throws ActionError that quotes the line
 */
export function readVolumes(): readonly string[] | undefined {
  const lines = input.lines('volumes');
  if (lines.length === 0) return undefined;
  if (lines.length === 1 && lines[0] === 'none') return [];
  const paths = new Set<string>();
  return lines.map((line) => {
    const [, source = '', path = '', mode] = /^([^:]+):(\/[^:]*)(?::(ro|rw))?$/.exec(line) ?? [];
    if (!path || path === '/' || !/^(\/|[a-zA-Z0-9][\w.-]*$)/.test(source))
      throw invalid(
        'volumes',
        line,
        'write DIRECTORY:/PATH, or NAME:/PATH for a volume of Docker, with :ro at the end to mount it read-only',
      );
    if (source.startsWith('/') && !WRITABLE.test(source) && !THERE.test(source))
      throw invalid(
        'volumes',
        line,
        `${source} can't be created, because the root file system of Container-Optimized OS is read-only: use a directory below /var, /home or /mnt/disks`,
      );
    if (paths.has(path)) throw invalid('volumes', line, `${path} is listed twice; keep one`);
    paths.add(path);
    return `${source}:${path}${mode === 'ro' ? ':ro' : ''}`;
  });
}
