import { tmpdir } from 'node:os';
import { relative, resolve, sep } from 'node:path';
import { homeDirectory } from '@gangway/files';
import { ActionError } from './error.ts';
import { capitalised } from './words/capitalised.ts';

/** What Node tells of an error of the operating system. */
interface SystemError {
  /** e.g. `ENOSPC` */
  readonly code: string;
  /** e.g. `open` */
  readonly syscall: string;
  readonly path: string | undefined;
}

/**
 * The error that tells a person what the operating system refused, and why: a full disk, a directory that is gone, a file
 * that may not be written. It finds it among the causes of an error too.
 *
 * @returns undefined where the system has no part in it
 * @see https://nodejs.org/api/errors.html#common-system-errors
 */
export function systemError(error: unknown): ActionError | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 10; cause = cause.cause, depth++) {
    const found = read(cause);
    if (found) return explain(found, cause);
  }
  return undefined;
}

function read(error: Error): SystemError | undefined {
  const { code, syscall, path, info } = error as NodeJS.ErrnoException & { info?: { code?: string } };
  if (typeof code !== 'string' || typeof syscall !== 'string') return undefined;
  // Errors of node:os carry the system's code in here.
  return { code: info?.code ?? code, syscall, path };
}

function explain({ code, syscall, path: full }: SystemError, cause: Error): ActionError {
  const path = full && (full.length > 300 ? `${full.slice(0, 300)}…` : full);
  const [why, hint] = REASONS[code] ?? [`the system says ${code}`, undefined];
  const [what, cure] = NAMED[syscall] ?? [
    `${VERBS[syscall] ?? `"${syscall}" failed`}${path ? ` ${path}${placeOf(path)}` : ''}: ${why}`,
    hint?.(path) ?? 'check this path on the runner, then run the job again',
  ];
  if (!path && NETWORK.test(syscall) && !REASONS[code])
    return new ActionError(`A connection of the runner failed (${syscall} ${code}).`, {
      code: 'network',
      hint: 'run the job again; if it keeps failing, check the network of the runner',
      cause,
    });
  return new ActionError(`${capitalised(what)}.`, {
    code: code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : 'system',
    hint: cure,
    cause,
  });
}

const NETWORK = /^(connect|getaddrinfo|read|write|listen|bind|accept|shutdown)$/;

/** Calls whose failure has one reason only. */
const NAMED: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  uv_cwd: [
    'the working directory of this step is gone',
    'look for an earlier step that removes it, or check the repository out again',
  ],
  uv_os_homedir: [
    "the user of this step has no home directory: HOME isn't set, and the system doesn't know the user",
    'set HOME under "env:" to a directory that it may write to',
  ],
};

type Hint = (path: string | undefined) => string;

const room: Hint = (path) =>
  `free some space on the disk ${path ? `that holds ${path}` : 'of this runner'} ("df -h" shows it), or use a larger runner; then run the job again`;
const owner: Hint = (path) =>
  `let the user of this step${user()} ${path ? `use ${path}` : 'use it'}: "ls -ld" shows whose it is; did a container or "sudo" make it in a step before`;
const handles: Hint = () =>
  'raise the limit of open files on the runner: "ulimit -n" shows it, and 1024 is enough';

/** What a code means, and what to do about it. */
const REASONS: Readonly<Record<string, readonly [why: string, hint: Hint | undefined]>> = {
  ENOSPC: ['no space is left on the disk', room],
  EDQUOT: ['the disk quota is used up', room],
  EROFS: [
    'the file system is read-only',
    () => 'mount it so that this step may write to it, or name another directory',
  ],
  EACCES: ['permission is denied', owner],
  EPERM: ['the operation is not permitted', owner],
  ENOENT: ['it does not exist', missing],
  ENOTDIR: ['a part of the path is a file, not a directory', undefined],
  EISDIR: ['it is a directory, not a file', undefined],
  EEXIST: ['something exists there already', undefined],
  ENOTEMPTY: ['the directory is not empty', undefined],
  ELOOP: ['its symbolic links lead in a circle', undefined],
  ENAMETOOLONG: ['the path is longer than the system allows', () => 'use a shorter path'],
  EMFILE: ['too many files are open', handles],
  ENFILE: ['too many files are open on this machine', handles],
  EIO: ["the disk can't be read or written", () => 'check the disk of the runner'],
  ENOMEM: ['no memory is left', () => 'use a runner with more memory'],
  EAGAIN: [
    'the system has no process or memory to spare',
    () => 'raise the limit of processes ("ulimit -u"), or use a larger runner',
  ],
  EBUSY: ['it is in use', undefined],
  ETXTBSY: ['it is being written', undefined],
};

function missing(path: string | undefined): string {
  const place = path === undefined ? '' : placeOf(path);
  if (place.includes('RUNNER_TEMP'))
    return 'let RUNNER_TEMP name a directory that exists: the runner makes it before each job';
  if (place.includes('temporary')) return 'let TMPDIR name a directory that exists';
  return 'check the path; does actions/checkout, or the step that creates it, come before this one';
}

const VERBS: Readonly<Record<string, string>> = {
  open: "can't open",
  read: "can't read",
  write: "can't write",
  mkdir: "can't make the directory",
  mkdtemp: "can't make a directory",
  scandir: "can't list",
  opendir: "can't list",
  stat: "can't look at",
  lstat: "can't look at",
  access: "can't use",
  realpath: "can't follow",
  rm: "can't remove",
  unlink: "can't remove",
  rmdir: "can't remove",
  symlink: "can't link",
  chmod: "can't change the mode of",
  rename: "can't rename",
  copyfile: "can't copy",
  spawn: "can't start",
};

/** What a directory is to the step, in brackets. */
function placeOf(path: string): string {
  const { RUNNER_TEMP, RUNNER_TOOL_CACHE, GITHUB_WORKSPACE } = process.env;
  const places: readonly (readonly [string | undefined, string])[] = [
    [RUNNER_TEMP, 'RUNNER_TEMP'],
    [RUNNER_TOOL_CACHE, "the runner's tool cache"],
    [GITHUB_WORKSPACE, 'the workspace'],
    [tmpdir(), 'the temporary directory'],
    [homeDirectory(), 'the home directory'],
  ];
  try {
    const [, name] = places.find(([root]) => root && isIn(root, path)) ?? [];
    return name ? ` (in ${name})` : '';
  } catch {
    // Relative paths have no meaning where the working directory is gone.
    return '';
  }
}

function isIn(root: string, path: string): boolean {
  const way = relative(resolve(root), resolve(path));
  return way !== '..' && !way.startsWith(`..${sep}`);
}

function user(): string {
  const id = process.getuid?.();
  return id === undefined ? '' : ` (uid ${id})`;
}
