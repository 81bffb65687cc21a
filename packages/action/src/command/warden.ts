import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { MARK } from './child-environment.ts';

/**
 * Ends what the step started when the step itself is killed and can't: GitHub's runner kills a cancelled step after ten seconds, and
 * the system one that takes too much memory. It is a shell that waits on a pipe, which closes with the step; each line that comes by it
 * names all that is running then, so that a group is never killed that has ended before.
 *
 * On Linux all that carry the step's mark are killed as well, such as what left its group or was just being started. A container is
 * removed more than once, as the engine may still be creating it.
 */
const SCRIPT = `
held=
while read -r line; do held=$line; done
[ -n "$held" ] || exit 0
for tries in 1 2 3; do
  for word in $held; do
    case $word in
      starting) ;;
      gangway-*) docker rm --force --volumes "$word" ;;
      *) [ "$tries" != 1 ] || kill -s KILL -- "-$word" ;;
    esac
  done
  for path in $(grep -ls "${MARK.name}=$GANGWAY_MARK" /proc/[0-9]*/environ); do
    pid=\${path#/proc/}
    kill -s KILL "\${pid%/environ}"
  done
  sleep 0.2 || sleep 1
done
`;

/** What Docker's client needs to find its engine. */
const NEEDED = /^(PATH|HOME|DOCKER_\w+|SSH_AUTH_SOCK)$/;

const held = new Set<{ readonly word: string }>();
let warden: ChildProcess | undefined;

/** Holds a program that is about to be started, until the returned function is called. */
export const holdStart = (): (() => void) => hold('starting');

/** Holds the process group of a program, by its number. */
export const holdGroup = (group: number): (() => void) => hold(String(group));

/** Holds a container, by its name, which begins with `gangway-`. */
export function holdContainer(name: string): () => void {
  if (!/^gangway-[\w-]+$/.test(name)) throw new Error(`"${name}" is no name of a container of ours`);
  return hold(name);
}

/** On Windows there is nothing to do: what Node starts there is in a job object, which ends with it. */
function hold(word: string): () => void {
  if (process.platform === 'win32') return () => {};
  warden ??= start();
  const entry = { word };
  held.add(entry);
  tell();
  return () => {
    if (held.delete(entry)) tell();
  };
}

function tell(): void {
  warden?.stdin?.write(`${[...held].map(({ word }) => word).join(' ')}\n`);
}

function start(): ChildProcess {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => NEEDED.test(name)));
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'gangway-warden'], {
    // By another name than others carry it, or it would find itself.
    env: { ...env, GANGWAY_MARK: MARK.value },
    stdio: ['pipe', 'ignore', 'ignore'],
    // A session of its own: what stops the step must not stop it.
    detached: true,
  });
  // Without it the step still works; what it started is then left to the runner when it is killed.
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  (child.stdin as Socket | null)?.unref();
  child.unref();
  return child;
}
