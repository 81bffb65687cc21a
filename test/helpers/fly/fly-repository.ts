import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GANGWAY = fileURLToPath(new URL('../../../dist/gangway/index.js', import.meta.url));

/** Somebody's repository with an app of Fly.io, and the command in it. */
export interface FlyRepository {
  readonly folder: string;
  gangway(...args: string[]): SpawnSyncReturns<string>;
  write(path: string, text: string): void;
  /** Stops its local cloud. */
  close(): void;
}

/**
 * A new repository with fly.toml, a Dockerfile, and a page that says `hello`.
 *
 * @param base image with Python, which is on the engine
 * @param environment what finds the engine
 */
export function flyRepository(
  app: string,
  base: string,
  environment: Readonly<Record<string, string>>,
): FlyRepository {
  const root = mkdtempSync(join(tmpdir(), 'gangway-fly-'));
  const folder = join(root, app);
  const env = { ...process.env, ...environment, XDG_STATE_HOME: join(root, 'state') };
  const gangway = (...args: string[]) =>
    spawnSync(process.execPath, [GANGWAY, ...args], { cwd: folder, env, encoding: 'utf8' });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write(
    'fly.toml',
    `app = "${app}"
primary_region = "iad"

[http_service]
  internal_port = 8080
  force_https = true
  auto_stop_machines = "off"

  [[http_service.checks]]
    path = "/"
    interval = "2s"
    timeout = "2s"
    grace_period = "1s"
`,
  );
  write('index.html', 'hello\n');
  write(
    'Dockerfile',
    `FROM ${base}\nWORKDIR /srv\nCOPY index.html .\nENV PORT=8080\nCMD ["sh", "-c", "exec python -m http.server $PORT --bind 0.0.0.0"]\n`,
  );
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', `https://github.com/acme/${app}.git`);
  return {
    folder,
    gangway,
    write,
    close() {
      gangway('down');
      rmSync(root, { recursive: true, force: true });
    },
  };
}
