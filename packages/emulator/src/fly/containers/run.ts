import type { Engine } from '../../docker/engine.ts';
import { execIn } from '../../docker/exec.ts';
import type { CheckConfig } from '../machines/config.ts';
import type { Exit, ProbeResult, Process, Run } from '../machines/run.ts';
import { probe } from './probe.ts';
import { listeningSockets } from './sockets.ts';

/** A machine that is a container of a Docker engine. */
export class ContainerRun implements Run {
  readonly exited: Promise<Exit>;
  readonly #engine: Engine;
  readonly #id: string;
  readonly #ports: ReadonlyMap<number, number>;
  readonly #close: () => Promise<void>;

  /**
   * @param exited resolves when the container has ended and its output has been read
   * @param ports from the machine's to those of 127.0.0.1
   * @param close frees what is the machine's outside of the engine
   */
  constructor(
    engine: Engine,
    id: string,
    ports: ReadonlyMap<number, number>,
    exited: Promise<Exit>,
    close: () => Promise<void>,
  ) {
    this.#engine = engine;
    this.#id = id;
    this.#ports = ports;
    this.#close = close;
    this.exited = exited;
  }

  port(internal: number): number | undefined {
    return this.#ports.get(internal);
  }

  async probe(check: CheckConfig): Promise<ProbeResult> {
    const port = check.port ?? 0;
    const isSilent = (await (await this.#engine.inspect(this.#id)).hasListener(port)) === false;
    return probe(check, isSilent ? undefined : this.port(port));
  }

  /** One that has ended meanwhile hears nothing any more. */
  async signal(name: string): Promise<void> {
    await this.#post(`/kill?signal=${name}`, [404, 409]);
  }

  async pause(paused: boolean): Promise<void> {
    await this.#post(paused ? '/pause' : '/unpause');
  }

  async exec(
    command: readonly string[],
    seconds: number,
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const pieces = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const text = (stream: keyof typeof pieces) => Buffer.concat(pieces[stream]).toString('utf8');
    const code = await execIn(this.#engine.connection, this.#id, {
      words: command,
      limit: seconds * 1000,
      onOutput: ({ stream, bytes }) => pieces[stream].push(bytes),
    });
    return { code, stdout: text('stdout'), stderr: text('stderr') };
  }

  async processes(): Promise<readonly Process[]> {
    const top = (await this.#engine.connection.json(
      'GET',
      `/containers/${this.#id}/top?ps_args=-eo%20pid,args`,
    )) as { Processes: string[][] };
    const pids = top.Processes.map(([pid]) => Number(pid));
    const sockets = await listeningSockets(pids);
    return top.Processes.map(([pid, ...words], index) => ({
      pid: index + 1,
      command: words.join(' '),
      listen_sockets: sockets.get(Number(pid)) ?? [],
    }));
  }

  async remove(): Promise<void> {
    await this.#engine.remove(this.#id);
    await this.#close();
  }

  #post(action: string, tolerated: readonly number[] = []): Promise<void> {
    return this.#engine.connection.drain('POST', `/containers/${this.#id}${action}`, { tolerated });
  }
}

/** Waits until a container has ended and says how. */
export async function exitOf(engine: Engine, id: string): Promise<Exit> {
  await engine.connection.drain('POST', `/containers/${id}/wait`, { limit: Number.POSITIVE_INFINITY });
  const { State } = (await engine.connection.json('GET', `/containers/${id}/json`)) as {
    State: { ExitCode: number; OOMKilled: boolean };
  };
  return { code: State.ExitCode, oomKilled: State.OOMKilled };
}
