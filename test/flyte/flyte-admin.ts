import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What was asked of Flyte's backend. */
interface Registration {
  /** `task`, `workflow` or `launch plan`, when it was new; `identical` or `different` beside one of the same version. */
  readonly kind: string;
  /** Of a task. */
  readonly image?: string;
  readonly id: {
    readonly project: string;
    readonly domain: string;
    readonly name: string;
    readonly version: string;
  };
}

export interface FlyteAdmin extends AsyncDisposable {
  /** `HOST:PORT` of its gRPC, without TLS. */
  readonly endpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly project: string;
  readonly registrations: readonly Registration[];
}

/** Starts what answers a registration as flyteadmin does; see flyte_admin.py. @param packages directory with flyteidl */
export async function startFlyteAdmin(packages: string): Promise<FlyteAdmin> {
  const [clientId, clientSecret, project] = ['ci', 'flyte/secret+of the test', 'flytesnacks'];
  const program = fileURLToPath(new URL('flyte_admin.py', import.meta.url));
  const child = spawn('python3', [program, clientId, clientSecret, project], {
    env: { ...process.env, PYTHONPATH: packages },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const registrations: Registration[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    ended.then(() => reject(new Error('flyte_admin.py ended before it listened.')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = JSON.parse(line);
      if (told.kind === 'listening') resolve(told.port);
      else registrations.push(told);
    });
  });
  return {
    endpoint: `127.0.0.1:${port}`,
    clientId,
    clientSecret,
    project,
    registrations,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
