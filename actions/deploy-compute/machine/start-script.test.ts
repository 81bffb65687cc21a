import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Container } from './container.ts';
import { SETTLED, startScript } from './start-script.ts';

const IMAGE = `us-central1-docker.pkg.dev/my-project/apis/app@sha256:${'a'.repeat(64)}`;
/** What has broken somebody's quoting before. */
const HOSTILE = [
  `it's "quoted" and \`run\``,
  '$HOME \u0024{PATH} $(id) $$',
  'two\nlines\n',
  '%n %% %H',
  'back\\slash \\n \\\\',
  '!history; & | < > * ? [a] ~ #x',
  "'; rm -rf /tmp/x; '",
  ' spaces at both ends ',
  '--privileged',
  'ünï→😀',
  '\t\u0001\u007f',
  '',
];

/** Programs of the machine: each notes its words, one call a file, and answers by `answers/NAME`. */
const PROGRAM = `#!/bin/bash
folder=$(dirname "$(dirname "$(readlink -f "$0")")")
number=$(ls "$folder/calls" | wc -l)
printf '%s\\0' "$(basename "$0")" "$@" >"$folder/calls/$(printf %04d "$number")"
[ "$(basename "$0")" = docker ] && [ "$1" = run ] && env -0 >"$folder/environment"
[ -x "$folder/answers/$(basename "$0")" ] && exec "$folder/answers/$(basename "$0")" "$@"
exit 0
`;

describe('the start script', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gangway-start-'));
    for (const name of ['bin', 'calls', 'answers', 'run', 'home']) mkdirSync(join(folder, name));
    for (const name of ['docker', 'curl', 'docker-credential-gcr', 'iptables', 'sleep'])
      program(`bin/${name}`, PROGRAM);
    // Docker says that the container runs, and that it ended with 3 in the end.
    answer(
      'docker',
      `case "$1 $3" in
  inspect*Running*) echo true ;;
  inspect*) echo '${IMAGE}' ;;
  wait*) echo 3 ;;
  logs*) echo 'no model' ;;
esac`,
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each(HOSTILE)('hands %j to the container as it is', (value) => {
    const container: Container = {
      env: [{ name: 'VALUE', value }],
      command: ['/bin/app', value],
      args: [value, 'end'],
    };
    run(container);
    const [started = []] = calls('docker', 'run');
    expect(started).toContain(`VALUE=${value}`);
    expect(started.slice(started.indexOf(IMAGE))).toEqual([IMAGE, value, value, 'end']);
    expect(started[started.indexOf('--entrypoint') + 1]).toBe('/bin/app');
  });

  it('publishes, mounts, bounds and logs as it is told', () => {
    const data = join(folder, 'data');
    run({
      ports: ['80:8080/tcp', '53:53/udp'],
      volumes: [`${data}:/data`, 'cache:/cache:ro'],
      user: '2000',
      memory: '512m',
      logDriver: 'gcplogs',
      privileged: true,
    });
    const [[, ...words] = []] = calls('docker', 'run');
    expect(words).toEqual([
      ...['--detach', '--name', 'app', '--restart', 'no'],
      ...['--publish', '80:8080/tcp', '--publish', '53:53/udp'],
      ...['--volume', `${data}:/data`, '--volume', 'cache:/cache:ro'],
      ...['--user', '2000', '--memory', '512m', '--log-driver', 'gcplogs', '--privileged'],
      IMAGE,
    ]);
    expect(existsSync(data)).toBe(true);
    // Only root gives a directory to somebody else.
    if (process.getuid?.() === 0)
      expect(execFileSync('stat', ['--format=%u', data]).toString().trim()).toBe('2000');
  });

  it('logs Docker in by the helper of the machine, for the registry of the image alone', () => {
    run({});
    expect(calls('docker-credential-gcr')).toEqual([
      ['configure-docker', '--registries=us-central1-docker.pkg.dev'],
    ]);
  });

  it('opens the firewall of the machine for a container on its network', () => {
    answer('iptables', '[ "$2" = -A ]');
    run({ network: 'host', ports: ['80:8080/tcp'] });
    expect(calls('iptables').at(-1)?.join(' ')).toBe('-w -A INPUT -p tcp --dport 8080 -j ACCEPT');
    expect(calls('docker', 'run')[0]).not.toContain('--publish');
    expect(calls('docker', 'run')[0]).toContain('host');
  });

  it('tells the id of the configuration and the image that Docker says it runs, once it has settled', () => {
    run({});
    const reports = reported();
    expect(reports[0]).toMatch(/^c0ffee \d+ pulling us-central1/);
    expect(reports[1]).toMatch(new RegExp(`^c0ffee \\d+ running ${IMAGE}$`));
    expect(calls('sleep')).toHaveLength(SETTLED);
    expect(reports[2]).toMatch(/^c0ffee \d+ failed the container ended with status 3: no model$/);
  });

  it('tells what Docker says of an image that can’t be pulled, after five tries', () => {
    answer('docker', 'if [ "$1" = pull ]; then echo "Error: denied" >&2; exit 1; fi');
    const { status } = run({});
    expect(status).toBe(1);
    expect(calls('docker', 'pull')).toHaveLength(5);
    expect(reported().at(-1)).toMatch(/failed the image can't be pulled: Error: denied$/);
    expect(calls('docker', 'run')).toEqual([]);
  });

  it('tells why Docker doesn’t start the container', () => {
    answer(
      'docker',
      `if [ "$1" = run ]; then
  printf '%s\\n' 'docker: port is already allocated.' "See 'docker run --help'." >&2
  exit 125
fi`,
    );
    run({});
    expect(reported().at(-1)).toMatch(
      /failed the container can't be started: docker: port is already allocated\.$/,
    );
  });

  it('is quiet about a container that it was told to stop', () => {
    answer(
      'docker',
      `case "$1" in inspect) echo true ;; wait) touch '${folder}/run/app/stopping'; echo 143 ;; esac`,
    );
    const { status } = run({});
    expect(status).toBe(0);
    expect(reported().at(-1)).toMatch(/ running /);
  });

  it('stops the container when it is told to', () => {
    run({}, ['stop']);
    expect(calls('docker')).toEqual([['stop', '-t', '30', 'app']]);
    expect(existsSync(join(folder, 'run/app/stopping'))).toBe(true);
  });

  describe('with secrets', () => {
    const secrets = [
      { name: 'API_KEY', secret: 'key', version: '3' },
      { name: '/secrets/certificate', secret: 'projects/other/secrets/certificate', version: 'latest' },
    ];
    const VALUE = `s3cret '"$(id)\n%n\n`;

    it('fetches them when it starts: a variable as it is, a file that the container reads', () => {
      answerWith(VALUE);
      run({ secrets });
      const [started = []] = calls('docker', 'run');
      expect(started).toContain('API_KEY');
      expect(variable('API_KEY')).toBe(VALUE);
      const mount = started.find((word) => word.endsWith(':/secrets/certificate:ro')) ?? '';
      const file = mount.split(':')[0] ?? '';
      expect(readFileSync(file, 'utf8')).toBe(VALUE);
      expect(execFileSync('stat', ['--format=%a', file, join(folder, 'run/app/secrets')]).toString()).toBe(
        '444\n700\n',
      );
      const urls = calls('curl').map((words) => words.at(-1));
      expect(urls).toContain(
        'https://secretmanager.googleapis.com/v1/projects/my-project/secrets/key/versions/3:access',
      );
      expect(urls).toContain(
        'https://secretmanager.googleapis.com/v1/projects/other/secrets/certificate/versions/latest:access',
      );
    });

    it('shows neither a value nor a token to other processes, nor in what it says', () => {
      answerWith(VALUE);
      const { stdout, stderr } = run({ secrets });
      const words = [...calls('curl'), ...calls('docker')].flat().join('\n');
      for (const text of [words, stdout, stderr, reported().join('\n')]) {
        expect(text).not.toContain('s3cret');
        expect(text).not.toContain('ya29.token');
      }
      // It did send the token, by its standard input.
      expect(readFileSync(join(folder, 'config'), 'utf8')).toContain('Authorization: Bearer ya29.token');
    });

    it('tells what Secret Manager says, and starts nothing', () => {
      answer(
        'curl',
        `case "$*" in
  *token*) echo '{"access_token":"ya29.token"}' ;;
  *access*) cat >/dev/null; printf '{"error": {"code": 403,\\n "message": "Permission denied on key"}}'; exit 22 ;;
  *) cat >>'${folder}/reports'; echo >>'${folder}/reports' ;;
esac`,
      );
      for (const secret of secrets) {
        rmSync(join(folder, 'reports'), { force: true });
        const { status } = run({ secrets: [secret] });
        expect(status).toBe(1);
        expect(reported().at(-1)).toMatch(
          new RegExp(`failed the secret of ${secret.name} can't be read: Permission denied on key$`),
        );
      }
      expect(calls('docker', 'run')).toEqual([]);
    });
  });

  function run(container: Container, words: readonly string[] = []) {
    const workload = {
      name: 'app',
      image: IMAGE,
      container,
      projectId: 'my-project',
      universe: 'googleapis.com',
    };
    if (!existsSync(join(folder, 'answers/curl')))
      answer('curl', `cat >>'${folder}/reports'; echo >>'${folder}/reports'`);
    const script = join(folder, 'start');
    // Below a folder of the test's own; all else is what a machine runs.
    writeFileSync(script, startScript(workload, 'c0ffee').replaceAll('/run/gangway', join(folder, 'run')));
    mkdirSync(join(folder, 'run/app'), { recursive: true });
    const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, HOME: join(folder, 'home') };
    return spawnSync('/bin/bash', [script, ...words], { env, encoding: 'utf8', timeout: 30_000 });
  }

  function program(path: string, text: string): void {
    writeFileSync(join(folder, path), text);
    chmodSync(join(folder, path), 0o755);
  }

  function answer(name: string, lines: string): void {
    program(`answers/${name}`, `#!/bin/bash\n${lines}\n`);
  }

  /** The metadata server and Secret Manager: a token for anyone who asks, a secret for a request that carries the token. */
  function answerWith(value: string): void {
    const data = Buffer.from(value).toString('base64');
    answer(
      'curl',
      `case "$*" in
  *token*) echo '{"access_token":"ya29.token","expires_in":3599,"token_type":"Bearer"}' ;;
  *access*) cat >'${folder}/config'; printf '{\\n  "name": "x",\\n  "payload": {\\n    "data": "${data}",\\n    "dataCrc32c": "1"\\n  }\\n}\\n' ;;
  *) cat >>'${folder}/reports'; echo >>'${folder}/reports' ;;
esac`,
    );
  }

  /** The words of each call of a program, without its name. */
  function calls(name: string, verb?: string): string[][] {
    return readdirSync(join(folder, 'calls'))
      .sort()
      .map((file) =>
        readFileSync(join(folder, 'calls', file), 'utf8')
          .split('\0')
          .slice(0, -1),
      )
      .filter(([program, first]) => program === name && (verb === undefined || first === verb))
      .map(([, ...words]) => words);
  }

  function reported(): string[] {
    const file = join(folder, 'reports');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  }

  function variable(name: string): string | undefined {
    const all = readFileSync(join(folder, 'environment'), 'utf8').split('\0');
    return all.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  }
});
