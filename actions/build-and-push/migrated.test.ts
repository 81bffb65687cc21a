import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActionError } from '@gangway/action';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { buildArguments } from './build/arguments.ts';
import type { Builder } from './builder/builder.ts';
import { readInputs } from './inputs.ts';

const { inputs: DECLARED } = parse(readFileSync(new URL('action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default?: string }>;
};

const root = mkdtempSync(join(tmpdir(), 'gangway-migrated-'));
for (const folder of ['.', 'docker', 'subdir', 'test']) {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, 'Dockerfile'), 'FROM scratch\nARG MY_ARG ARG MULTILINE FOO\n');
}
writeFileSync(join(root, 'secret.txt'), 'bar');
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

type With = Readonly<Record<string, string>>;
type Row = readonly [number, With, readonly string[], With?];

const GIT = 'https://github.com/docker/build-push-action.git#refs/heads/master';
const PUSHES = { push: 'true' };
const MULTILINE = `GIT_AUTH_TOKEN=abcdefghi,jklmno=0123456789
"MYSECRET=aaaaaaaa
bbbbbbb
ccccccccc"
FOO=bar
"EMPTYLINE=aaaa

bbbb
ccc"`;
const HOSTS = ['--add-host=docker:10.180.0.1', '--add-host=foo:10.0.0.1'];
const ATTESTED = ['--provenance=mode=min'];
const LEVELS =
  'example1=www\nindex:example2=xxx\nmanifest:example3=yyy\nmanifest-descriptor[linux/amd64]:example4=zzz';

/**
 * The public test table of docker/build-push-action: its number, its inputs besides `load`, `no-cache`, `push` and `pull`
 * with `false`, and those of buildx's arguments that say something of the image. Inputs whose names the table has wrong
 * itself are left out (https://github.com/docker/build-push-action/blob/master/__tests__/context.test.ts).
 */
const TABLE: readonly Row[] = [
  [0, { context: '.' }, []],
  [
    1,
    { 'build-args': 'MY_ARG=val1,val2,val3\nARG=val\n"MULTILINE=aaaa\nbbbb\nccc"' },
    ['--build-arg=MY_ARG=val1,val2,val3', '--build-arg=ARG=val', '--build-arg=MULTILINE=aaaa\nbbbb\nccc'],
  ],
  [2, { tags: 'name/app:7.4, name/app:latest' }, ['tags 7.4 latest']],
  [
    3,
    {
      context: '.',
      labels:
        'org.opencontainers.image.title=buildkit\norg.opencontainers.image.description=concurrent, cache-efficient, and Dockerfile-agnostic builder toolkit',
      outputs: 'type=local,dest=./release-out',
    },
    [
      '--label=org.opencontainers.image.title=buildkit',
      '--label=org.opencontainers.image.description=concurrent, cache-efficient, and Dockerfile-agnostic builder toolkit',
    ],
  ],
  [4, { context: '.', platforms: 'linux/amd64,linux/arm64' }, ['--platform=linux/amd64,linux/arm64']],
  [5, { context: '.' }, []],
  [
    6,
    { context: '.', secrets: 'GIT_AUTH_TOKEN=abcdefghijklmno=0123456789' },
    ['secret GIT_AUTH_TOKEN=abcdefghijklmno=0123456789'],
  ],
  [7, { 'github-token': 'abcdefghijklmno0123456789', outputs: '.' }, []],
  [
    8,
    {
      ...{ ...PUSHES, context: GIT, tag: 'localhost:5000/name/app:latest', file: './test/Dockerfile' },
      ...{ platforms: 'linux/amd64,linux/arm64', secrets: 'GIT_AUTH_TOKEN=abcdefghijklmno=0123456789' },
      builder: 'builder-git-context-2',
    },
    [
      ...['--file=./test/Dockerfile', '--platform=linux/amd64,linux/arm64'],
      ...['secret GIT_AUTH_TOKEN=abcdefghijklmno=0123456789', '--builder=builder-git-context-2'],
    ],
  ],
  [
    9,
    { ...PUSHES, context: GIT, secrets: MULTILINE, file: './test/Dockerfile' },
    [
      ...['--file=./test/Dockerfile', 'secret GIT_AUTH_TOKEN=abcdefghi,jklmno=0123456789'],
      ...['secret MYSECRET=aaaaaaaa\nbbbbbbb\nccccccccc', 'secret FOO=bar'],
      'secret EMPTYLINE=aaaa\n\nbbbb\nccc',
    ],
  ],
  // Without quotes, that action warns of each further line and leaves it out of the secret.
  [
    10,
    { ...PUSHES, context: GIT, secrets: MULTILINE.replaceAll('"', ''), file: './test/Dockerfile' },
    ['--file=./test/Dockerfile', 'secret GIT_AUTH_TOKEN=abcdefghi,jklmno=0123456789'],
  ],
  [
    11,
    {
      ...{ ...PUSHES, context: GIT, 'secret-files': 'MY_SECRET=secret.txt', file: './test/Dockerfile' },
      ...{ builder: 'builder-git-context-2', network: 'host' },
    },
    [
      ...['--file=./test/Dockerfile', '--secret=id=MY_SECRET,src=secret.txt'],
      ...['--builder=builder-git-context-2', '--network=host'],
    ],
  ],
  [
    12,
    {
      context: '.',
      labels:
        'org.opencontainers.image.title=filter_results_top_n\norg.opencontainers.image.description=Reference implementation of operation "filter results (top-n)"',
      outputs: 'type=local,dest=./release-out',
    },
    [
      '--label=org.opencontainers.image.title=filter_results_top_n',
      '--label=org.opencontainers.image.description=Reference implementation of operation "filter results (top-n)"',
    ],
  ],
  [
    13,
    {
      ...{ ...PUSHES, context: '.', file: './test/Dockerfile', network: 'host' },
      'add-hosts': 'docker:10.180.0.1,foo:10.0.0.1',
    },
    ['--file=./test/Dockerfile', '--network=host', ...HOSTS],
  ],
  [
    14,
    {
      ...{ context: '.', file: './test/Dockerfile', 'cgroup-parent': 'foo', 'shm-size': '2g' },
      ...{ 'add-hosts': 'docker:10.180.0.1\nfoo:10.0.0.1', ulimit: 'nofile=1024:1024\nnproc=3' },
    },
    [
      ...['--file=./test/Dockerfile', '--shm-size=2g', ...HOSTS],
      ...['--ulimit=nofile=1024:1024', '--ulimit=nproc=3'],
    ],
  ],
  [15, { context: '{{defaultContext}}:docker' }, ['--file=./docker/Dockerfile', 'context docker']],
  [
    16,
    { 'github-token': 'abcdefghijklmno0123456789', context: '{{defaultContext}}:subdir' },
    ['--file=./subdir/Dockerfile', 'context subdir'],
  ],
  // buildx 0.8 knew no attestations; the later ones do what 19 has.
  [17, { context: '.', provenance: 'true' }, ATTESTED],
  // Without the input, there is none here; README says so.
  [18, { context: '.' }, []],
  [19, { context: '.', provenance: 'true' }, ATTESTED],
  [20, { context: '.', provenance: 'mode=max' }, ['--provenance=mode=max']],
  [21, { context: '.', provenance: 'false' }, []],
  [22, { context: '.', provenance: 'builder-id=foo' }, []],
  [23, { context: '.', outputs: 'type=docker' }, []],
  [24, { context: '.', load: 'true' }, []],
  [25, { context: '.', 'build-args': 'FOO=bar#baz', load: 'true' }, ['--build-arg=FOO=bar#baz']],
  ...(['\n', ','] as const).map(
    (separator, index): Row => [
      26 + index,
      {
        ...{ context: '.', load: 'true' },
        'secret-envs': `MY_SECRET=MY_SECRET_ENV${separator}ANOTHER_SECRET=ANOTHER_SECRET_ENV`,
      },
      ['secret MY_SECRET=first value', 'secret ANOTHER_SECRET=second value'],
      { MY_SECRET_ENV: 'first value', ANOTHER_SECRET_ENV: 'second value' },
    ],
  ),
  // buildx 0.11 knew no annotations.
  ...[28, 29].map(
    (number): Row => [
      number,
      { context: '.', annotations: LEVELS, outputs: 'type=local,dest=./release-out' },
      LEVELS.split('\n').map((annotation) => `--annotation=${annotation}`),
    ],
  ),
  [
    30,
    {
      context: '.',
      outputs:
        'type=image,"name=localhost:5000/name/app:latest,localhost:5000/name/app:foo",push-by-digest=true,name-canonical=true,push=true',
    },
    [],
  ],
  [31, { context: '.', provenance: 'mode=max', sbom: 'true' }, ['--provenance=mode=max', '--sbom=true']],
  [
    32,
    { context: '.', attests: 'type=provenance,mode=min', provenance: 'mode=max' },
    ['--provenance=mode=max'],
  ],
  [33, { context: '.', attests: 'type=provenance,mode=min' }, []],
  [34, { context: '.' }, [], { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' }],
  ...['http://10.0.0.5:22827', 'https://github.cds.internal.unity3d.com'].map(
    (server, index): Row => [
      35 + index,
      { 'github-token': 'abcdefghijklmno0123456789', context: '{{defaultContext}}' },
      ['context .'],
      { GITHUB_SERVER_URL: server },
    ],
  ),
  [37, {}, [], { BUILDX_SEND_GIT_QUERY_AS_INPUT: 'true' }],
  [38, {}, [], { BUILDX_SEND_GIT_QUERY_AS_INPUT: 'true' }],
];

/** Inputs that are refused, what each refusal says to do, and the input as it is after that. */
const CURES: Readonly<Record<string, readonly [says: string, done: (value: string) => With]>> = {
  push: ['every build is pushed; run the step only where it is to be', () => ({})],
  load: ['pull the output "image" where it is needed', () => ({})],
  outputs: ['the image is pushed to the registry that the input image names', () => ({})],
  tags: ['so write its tags', (value) => ({ tags: value.replace(/.*:/, '') })],
  'github-token': ['check out with actions/checkout', () => ({})],
  'cgroup-parent': ['it is a setting of the builder', () => ({})],
  ulimit: ['write ulimits', (value) => ({ ulimits: value })],
  attests: ['write provenance and sbom', () => ({})],
  context: [
    'check the repository out with actions/checkout',
    (value) => ({ context: /\}\}:(.*)$/.exec(value)?.[1] ?? '.' }),
  ],
  provenance: ['write true, false, mode=min or mode=max', () => ({})],
  secrets: ['"', (value) => ({ secrets: /^\w+=\S+/.exec(value)?.[0] ?? '' })],
};

const OFTEN: With = { load: 'false', 'no-cache': 'false', push: 'false', pull: 'false' };
const HOST = 'us-docker.pkg.dev/demo-project';

function stub(given: With, env: With): void {
  vi.unstubAllEnvs();
  for (const name of Object.keys(process.env))
    if (/^(INPUT_|ACT$|GITHUB_EVENT)/.test(name)) vi.stubEnv(name, undefined);
  for (const [name, { default: value = '' }] of Object.entries(DECLARED))
    vi.stubEnv(`INPUT_${name.toUpperCase()}`, value);
  const here = { GITHUB_WORKSPACE: root, GITHUB_REF: 'refs/heads/main', GITHUB_SHA: 'a'.repeat(40), ...env };
  for (const [name, value] of Object.entries(here)) vi.stubEnv(name, value);
  // Paths are relative to the workspace, which a test can't enter.
  const at = (name: string, value = '.') => (/[:{]/.test(value) ? {} : { [name]: join(root, value) });
  const all = {
    ...{ image: `${HOST}/name/app`, ...given, ...at('context', given.context) },
    ...(given.file && at('file', given.file)),
    ...(given.tags && { tags: given.tags.replaceAll('name/app:', `${HOST}/name/app:`) }),
    ...(given.secret_files && { secret_files: given.secret_files.replace('=', `=${root}/`) }),
  };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value);
}

function built(): string[] {
  const { secretFiles: secrets, ...inputs } = readInputs();
  const builder = { kind: 'buildx', name: inputs.builder, driver: 'docker-container' } as const;
  return [
    ...buildArguments({
      ...{ builder: { ...builder, pushes: true, complete: true, engine: undefined } satisfies Builder },
      ...{ inputs: { ...inputs, secretFiles: secrets }, image: 'app', secrets },
      ...{ reference: undefined, epoch: undefined },
    }),
    ...Object.entries(inputs.secrets).map(([id, value]) => `secret ${id}=${value}`),
    `tags ${inputs.tags.join(' ')}`,
    `context ${inputs.context.slice(root.length + 1) || '.'}`,
  ].map((argument) => argument.replace(`${root}/`, argument.startsWith('--file') ? './' : ''));
}

/** What is always there: names of this action, and what labels say in OCI's words. */
const OURS =
  /^(build(x)?$|--progress|--output|--(label|annotation)=(index,manifest:)?(dev\.|org\.opencontainers\.image\.)|tags|context)/;

describe("docker/build-push-action's public table", () => {
  const rows = TABLE.map(([number, table, expected, env = {}]) => ({ number, table, expected, env }));
  it.each(rows)('[$number] does the same, or says what to write', ({ table, expected, env }) => {
    let given: With = { ...OFTEN, ...table };
    const refused: string[] = [];
    for (;;) {
      stub(given, env);
      try {
        const args = built();
        expect(args).toEqual(expect.arrayContaining([...expected]));
        expect(args.filter((arg) => !expected.includes(arg) && !OURS.test(arg))).toEqual(
          expected.some((arg) => arg.startsWith('--file')) ? [] : ['--file=./Dockerfile'],
        );
        return;
      } catch (error) {
        if (!(error instanceof ActionError)) throw error;
        const [, name = ''] = /input "([\w-]+)"/i.exec(error.message) ?? [];
        const { [name]: value = '', ...rest } = given;
        const renamed = new RegExp(`^write (\\w+) in place of ${name};`).exec(error.hint ?? '')?.[1];
        const [says, done] = CURES[name] ?? ['?', () => ({})];
        if (!renamed) expect(error.hint).toContain(says);
        // Each is refused once, and what the refusal says is taken.
        expect(refused).not.toContain(name);
        refused.push(name);
        given = { ...rest, ...(renamed ? { [renamed]: value } : done(value)) };
      }
    }
  });
});
