import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGh } from './gh-server.ts';
import { type GitHubState, readState, writeState } from './github-state.ts';
import { type Push, runWorkflow, type StepOutcome } from './run-workflow.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const repository = 'gangway-dev/gangway';
const ghProgram = await startGh();
const app = { RELEASE_APP_CLIENT_ID: 'Iv1.app' };
const secrets = { release: { RELEASE_APP_PRIVATE_KEY: 'private-key' } };

/** Stands for `npm run check`, which builds the bundles and compares. */
const CHECK_DIST = `import { readFileSync as read } from 'node:fs';
if (read('dist/one/index.js', 'utf8') !== 'built from ' + read('one.txt', 'utf8')) throw new Error('dist/ is stale');
`;

/** A workflow that others call. */
const DEPLOY = `on: { workflow_call: {} }
jobs:
  deploy:
    concurrency:
      group: deploy
      queue: max
    steps:
      - uses: $/actions/one
`;

interface CommitOptions {
  /** Default is `main`. */
  readonly branch?: string;
  /** Where a new branch begins. */
  readonly from?: string;
  readonly version?: string;
  /** How CI and Check dist end for it; false when they don't run. */
  readonly ci?: string | false;
  /** Further files, by their path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A repository with this one's release workflow and scripts, a bare remote, and a GitHub that knows what a release needs. */
export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), 'gangway-release-'));
  readonly remote = join(this.folder, 'remote.git');
  /** A maintainer's clone. */
  readonly clone = join(this.folder, 'clone');
  private readonly programs = join(this.folder, 'bin');
  private readonly stateFile = join(this.folder, 'github.json');
  private runs = 0;

  constructor() {
    writeState(this.stateFile, {
      repository,
      remote: this.remote,
      immutableReleases: true,
      latest: undefined,
      releases: [],
      runs: [],
      attestations: [],
      calls: [],
      faults: [],
    });
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', this.remote]);
    execFileSync('git', ['clone', '--quiet', this.remote, this.clone], { stdio: 'ignore' });
    this.git('config', 'user.name', 'Maintainer');
    this.git('config', 'user.email', 'maintainer@example.com');
    this.git('checkout', '--quiet', '-b', 'main');
    executable(join(this.remote, 'hooks/update'), ruleset(this.stateFile));
    executable(join(this.programs, 'gh'), ghProgram);
    for (const path of ['scripts/release', 'scripts/workflows/pinned.ts'])
      cpSync(join(root, path), join(this.clone, path), { recursive: true });
    this.write({
      '.github/workflows/release.yml': readFileSync(join(root, '.github/workflows/release.yml'), 'utf8'),
      '.github/workflows/deploy.yml': DEPLOY,
      'actions/one/action.yml': 'name: one\nruns: { using: node24, main: ../../dist/one/index.js }\n',
      'dist/one/helper.sh': 'echo help\n',
      'dist/package.json': '{ "type": "commonjs" }\n',
      'scripts/check.js': CHECK_DIST,
      'CHANGELOG.md': '# Changelog\n\n## Unreleased\n',
    });
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', 'Start');
    this.git('push', '--quiet', 'origin', 'main');
  }

  /** The commit of a new version, pushed. */
  commit(version: string, { branch = 'main', from, ci = 'success', files = {} }: CommitOptions = {}): string {
    this.git('fetch', '--quiet', 'origin');
    if (from) this.git('checkout', '--quiet', '-B', branch, from);
    else this.git('checkout', '--quiet', branch);
    const manifest = `{ "name": "gangway", "version": "${version}", "type": "module", "scripts": { "check": "node scripts/check.js" } }\n`;
    const changelog = readFileSync(join(this.clone, 'CHANGELOG.md'), 'utf8');
    this.write({
      'package.json': manifest,
      'package-lock.json': `{ "version": "${version}" }\n`,
      'one.txt': version,
      'dist/one/index.js': `built from ${version}`,
      'CHANGELOG.md': changelog.replace(
        '## Unreleased\n',
        `## Unreleased\n\n## ${version} - 2026-11-28\n\n- What is new in ${version}.\n`,
      ),
      ...files,
    });
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', `Release ${version}`);
    this.git('push', '--quiet', 'origin', branch);
    const commit = this.git('rev-parse', 'HEAD');
    if (ci) this.ci(commit, ci);
    return commit;
  }

  /** CI's runs for a push of a commit, the newest first. */
  ci(head_sha: string, conclusion: string, event = 'push'): void {
    const status =
      conclusion === 'in_progress'
        ? { status: conclusion, conclusion: null }
        : { status: 'completed', conclusion };
    this.change((state) => {
      for (const workflow of ['ci.yml', 'check-dist.yml'])
        state.runs.unshift({ workflow, head_sha, event, ...status });
    });
  }

  merge(branch: string): string {
    this.git('checkout', '--quiet', 'main');
    this.git('merge', '--quiet', '--no-ff', '--strategy-option=ours', '--message', `Merge ${branch}`, branch);
    this.git('push', '--quiet', 'origin', 'main');
    return this.git('rev-parse', 'HEAD');
  }

  /** Tags a commit and pushes the tag, as a maintainer does. */
  tag(tag: string, commit: string, ...options: string[]): void {
    this.git('tag', ...(options.length > 0 ? options : ['--annotate', '--message', tag]), tag, commit);
    this.git('push', '--quiet', '--force', 'origin', `refs/tags/${tag}`);
  }

  /** The steps of the workflow's run for a pushed tag. */
  start(tag: string, commit: string): AsyncGenerator<StepOutcome> {
    const push: Push = {
      repository,
      remote: this.remote,
      tag,
      commit,
      state: this.stateFile,
      folder: join(this.folder, `run-${++this.runs}`),
      programs: this.programs,
      vars: app,
      secrets,
    };
    return runWorkflow(push);
  }

  /** Tags a commit and runs the workflow to its end. */
  async release(tag: string, commit: string, ...options: string[]): Promise<StepOutcome[]> {
    this.tag(tag, commit, ...options);
    return this.run(tag, commit);
  }

  /** Runs the workflow for a pushed tag to its end. */
  async run(tag: string, commit: string): Promise<StepOutcome[]> {
    return finish(this.start(tag, commit));
  }

  /** Makes a version that was released before, as a release would leave it. */
  released(version: string, options?: CommitOptions): string {
    const commit = this.commit(version, options);
    const [tag, major] = [`v${version}`, `v${version.split('.')[0]}`];
    this.tag(tag, commit);
    this.tag(major, commit, '--force', '--no-sign');
    this.change((state) => {
      const release = { tag_name: tag, name: tag, body: '', draft: false, prerelease: false };
      state.releases.unshift({ ...release, immutable: true, assets: [] });
      state.latest = tag;
    });
    return commit;
  }

  /** The commit that a tag of the remote names; undefined when there is none. */
  at(tag: string): string | undefined {
    const refs = this.git('ls-remote', '--tags', 'origin', `refs/tags/${tag}`, `refs/tags/${tag}^{}`);
    return refs.split('\n').filter(Boolean).at(-1)?.split('\t')[0];
  }

  /** Something that happens when the workflow is about to push, once. */
  beforeNextPush(script: string): void {
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const wrapper = join(this.programs, 'git');
    executable(
      wrapper,
      `#!/bin/sh\ncase " $* " in *" push "*) rm ${wrapper}; ${script} ;; esac\nexec ${real} "$@"\n`,
    );
  }

  get state(): GitHubState {
    return readState(this.stateFile);
  }

  change(edit: (state: GitHubState) => void): void {
    const state = this.state;
    edit(state);
    writeState(this.stateFile, state);
  }

  git(...args: string[]): string {
    const env = { ...process.env, MAINTAINER: 'yes', GIT_CONFIG_NOSYSTEM: '1' };
    return execFileSync('git', args, {
      cwd: this.clone,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private write(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.clone, path)), { recursive: true });
      writeFileSync(join(this.clone, path), content);
    }
  }
}

/** The steps that a run has left. */
export async function finish(run: AsyncGenerator<StepOutcome>): Promise<StepOutcome[]> {
  const steps: StepOutcome[] = [];
  for await (const step of run) steps.push(step);
  return steps;
}

function executable(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, 0o755);
}

/** What GitHub's rules do: tags of immutable releases stay, the release app alone moves a major tag, and workflows take a right. */
function ruleset(stateFile: string): string {
  return `#!/bin/sh
case "$1" in refs/tags/*) ;; *) exit 0 ;; esac
exec node - "$@" << 'END'
const [ref, from, to] = process.argv.slice(2);
const tag = ref.replace('refs/tags/', '');
const { releases } = JSON.parse(require('node:fs').readFileSync(${JSON.stringify(stateFile)}, 'utf8'));
if (releases.some((release) => release.tag_name === tag && release.immutable)) {
  console.error('GH013: Repository rule violations found: the tag of an immutable release');
  process.exit(1);
}
const { MAINTAINER, GH_TOKEN = '' } = process.env;
if (tag.startsWith('pinned/') && !MAINTAINER && !(GH_TOKEN.startsWith('app,') && GH_TOKEN.includes('workflows=write'))) {
  console.error('refusing to allow a GitHub App to create or update workflow without workflows permission');
  process.exit(1);
}
if (/^v\\d+$/.test(tag) && !process.env.MAINTAINER && !process.env.GH_TOKEN?.startsWith('app,')) {
  console.error('GH013: Repository rule violations found: Cannot update this protected ref');
  process.exit(1);
}
END
`;
}
