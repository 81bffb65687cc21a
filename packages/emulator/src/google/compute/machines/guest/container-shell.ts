import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { EngineConnection } from '../../../../docker/connection.ts';
import { execIn } from '../../../../docker/exec.ts';
import type { Options, Outcome, Running, Shell, WriteOptions } from './shell.ts';

/** Writes down the process's number, and becomes the command: a signal for it is one for all that it starts. */
const WRAPPER = 'echo $$ > "$0"; exec "$@"';
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The inside of a machine that is a container. */
export class ContainerShell implements Shell {
  readonly #connection: EngineConnection;
  readonly #container: string;
  readonly #shared: string;

  /**
   * @param container id
   * @param shared folder of this machine that is the machine's `/run/local-cloud`
   */
  constructor(connection: EngineConnection, container: string, shared: string) {
    this.#connection = connection;
    this.#container = container;
    this.#shared = shared;
  }

  async run(words: readonly string[], options: Options = {}): Promise<Outcome> {
    const out = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const code = await execIn(this.#connection, this.#container, {
      words: asUser(words, options),
      env: variables(options),
      ...(options.directory !== undefined && { directory: options.directory }),
      onOutput: ({ stream, bytes }) => out[stream].push(bytes),
    });
    const text = (pieces: readonly Buffer[]) => Buffer.concat(pieces).toString('utf8');
    return { code, stdout: text(out.stdout), stderr: text(out.stderr) };
  }

  start(words: readonly string[], options: Options = {}): Running {
    const mark = `/run/local-cloud/pids/${randomBytes(6).toString('hex')}`;
    const onLine = options.onLine ?? (() => undefined);
    // The engine sets it for everybody, systemd for those whose unit names a user.
    const wrapper = options.env && !options.env.HOME ? `unset HOME; ${WRAPPER}` : WRAPPER;
    const lines = { stdout: new Lines(onLine), stderr: new Lines(onLine) };
    const ended = execIn(this.#connection, this.#container, {
      words: asUser(['/bin/sh', '-c', wrapper, mark, ...words], options),
      env: variables(options),
      ...(options.directory !== undefined && { directory: options.directory }),
      onOutput: ({ stream, bytes }) => lines[stream].write(bytes),
    }).then(
      (code) => {
        for (const one of Object.values(lines)) one.end();
        return code;
      },
      (error: unknown) => {
        onLine(error instanceof Error ? error.message : String(error));
        return 203;
      },
    );
    return {
      ended,
      signal: async (name) => {
        const kill = `read pid < ${mark} && { kill -s ${name} -- -$pid 2>/dev/null || kill -s ${name} $pid; }`;
        await this.run(['/bin/sh', '-c', kill]).catch(() => undefined);
      },
    };
  }

  async read(path: string): Promise<string | undefined> {
    const { code, stdout } = await this.run(['cat', '--', path]);
    return code === 0 ? stdout : undefined;
  }

  async write(path: string, content: Buffer | string, how: WriteOptions = {}): Promise<void> {
    const { mode = 0o644, owner = 'root:root', append = false } = how;
    const name = `files/${randomBytes(6).toString('hex')}`;
    const here = join(this.#shared, name);
    await mkdir(dirname(here), { recursive: true });
    await writeFile(here, content);
    const there = `/run/local-cloud/${name}`;
    const text = `mkdir -p "$(dirname "$1")" && cat "$0" ${append ? '>>' : '>'} "$1" && chmod ${mode.toString(8)} "$1" && chown "$2" "$1"`;
    const { code, stderr } = await this.run(['/bin/sh', '-c', text, there, path, owner]);
    await rm(here, { force: true });
    if (code !== 0) throw new Error(stderr.trim());
  }
}

/** The engine knows no users of the machine: its own folder has their names. */
function asUser(words: readonly string[], { user, group }: Options): readonly string[] {
  if (user === undefined && group === undefined) return words;
  const id = user ?? 'root';
  const groups = group === undefined ? ['--regid', `$(id -g ${quoted(id)})`] : ['--regid', quoted(group)];
  const line = `exec setpriv --reuid ${quoted(id)} ${groups.join(' ')} --init-groups -- "$@"`;
  return ['/bin/sh', '-c', line, 'sh', ...words];
}

function variables({ env }: Options): readonly string[] {
  if (env === undefined) return [PATH];
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Whole lines of what comes in pieces. */
class Lines {
  readonly #take: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  write(bytes: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  end(): void {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
  }
}
