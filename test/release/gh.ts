import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { GH_FLAGS } from './gh-flags.ts';
import { type FakeRelease, type GitHubState, readState, writeState } from './github-state.ts';

/** How gh is called. */
export interface GhCall {
  readonly args: readonly string[];
  /** The working directory. */
  readonly directory: string;
  /** GH_TOKEN, which says here what its bearer may: `contents=write,actions=read`. */
  readonly token: string;
  /** The file of what GitHub knows. */
  readonly stateFile: string;
}

/** What gh says, and how it ends. */
export interface GhAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

interface Call {
  readonly values: readonly string[];
  readonly flags: Readonly<Record<string, string>>;
  readonly state: GitHubState;
  readonly token: string;
  readonly directory: string;
}

/**
 * What GitHub's command line does, for a release: knows the commands that it makes, refuses flags and states as gh and
 * GitHub do, and writes down each call.
 */
export function gh(call: GhCall): GhAnswer {
  const state = readState(call.stateFile);
  state.calls.push([...call.args]);
  let stdout = '';
  try {
    if (!call.token)
      fail('gh: To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable.', 4);
    const fault = takeFault(state, call.args.join(' '));
    if (fault && !fault.after) fail(fault.message);
    stdout = run(call, state);
    if (fault) fail(fault.message);
    return { stdout, stderr: '', exitCode: 0 };
  } catch (error) {
    const { message, exitCode = 1 } = error as Error & { exitCode?: number };
    return { stdout, stderr: `${message}\n`, exitCode };
  } finally {
    writeState(call.stateFile, state);
  }
}

const commands: Readonly<Record<string, (call: Call) => string>> = {
  api,
  'release create': create,
  'release upload': upload,
  'release edit': edit,
  'release verify': verify,
  'release verify-asset': verifyAsset,
  'attestation verify': verifyAttestation,
};

function run({ args, token, directory }: GhCall, state: GitHubState): string {
  const name = Object.keys(GH_FLAGS).find((known) => `${args.join(' ')} `.startsWith(`${known} `));
  const command = name && commands[name];
  if (!command) fail(`unknown command "${args.slice(0, 2).join(' ')}" for "gh"`);
  const { values, flags } = parse(name ?? '', args.slice(name?.split(' ').length));
  if (flags.repo !== undefined && flags.repo !== state.repository)
    fail(`GraphQL: Could not resolve to a Repository with the name '${flags.repo}'.`);
  return (command as (call: Call) => string)({ values, flags, state, token, directory });
}

function parse(command: string, given: readonly string[]): Pick<Call, 'values' | 'flags'> {
  const values: string[] = [];
  const flags: Record<string, string> = {};
  for (let at = 0; at < given.length; at++) {
    const argument = given[at] ?? '';
    if (!argument.startsWith('-')) {
      values.push(argument);
      continue;
    }
    const [, name = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const kind = GH_FLAGS[command]?.[name];
    if (!kind) fail(`unknown flag: ${argument}`);
    if (kind === 'switch') {
      if (value !== undefined && value !== 'true' && value !== 'false')
        fail(`invalid argument "${value}" for "--${name}" flag: strconv.ParseBool: parsing "${value}"`);
      flags[name] = value ?? 'true';
    } else {
      const taken = value ?? given[++at];
      if (taken === undefined) fail(`flag needs an argument: --${name}`);
      flags[name] = taken ?? '';
    }
  }
  return { values, flags };
}

function api(call: Call): string {
  const { flags, state } = call;
  const [path = ''] = call.values;
  const url = new URL(path, 'https://api.github.com/');
  const [, route] = url.pathname.split(`/repos/${state.repository}/`);
  if (flags.method !== undefined && flags.method !== 'GET') fail('HTTP 404: Not Found');
  if (route === 'releases') {
    need(call, 'contents', 'read');
    const seen = state.releases.filter(({ draft }) => !draft || may(call, 'contents', 'write'));
    return JSON.stringify(flags.slurp ? [seen] : seen);
  }
  const [, workflow] = /^actions\/workflows\/([^/]+)\/runs$/.exec(route ?? '') ?? [];
  if (!workflow) fail(`gh: Not Found (HTTP 404)`);
  need(call, 'actions', 'read');
  const runs = state.runs.filter(
    (run) =>
      run.workflow === workflow &&
      run.event === url.searchParams.get('event') &&
      run.head_sha === url.searchParams.get('head_sha'),
  );
  return JSON.stringify({
    total_count: runs.length,
    workflow_runs: runs.map((run) => ({
      ...run,
      html_url: `https://github.com/${state.repository}/actions/runs/1`,
    })),
  });
}

function create(call: Call): string {
  const { flags, state } = call;
  const [tag = '', ...assets] = call.values;
  need(call, 'contents', 'write');
  if (assets.length > 0) fail('The stub uploads with "gh release upload".');
  if (flags['verify-tag'] === 'true' && !hasTag(call, tag))
    fail(`tag ${tag} doesn't exist in the repo ${state.repository}, aborting due to --verify-tag flag`);
  if (flags.notes === undefined && flags['notes-file'] === undefined && flags['generate-notes'] === undefined)
    fail(
      '`--fill`, `--generate-notes`, `--notes`, or `--notes-file` required when not running interactively',
    );
  const draft = flags.draft === 'true';
  if (!draft && state.releases.some((release) => release.tag_name === tag && !release.draft))
    fail(`a release with the same tag name already exists: ${tag}`);
  state.releases.unshift({
    tag_name: tag,
    name: flags.title ?? tag,
    body: notes(call),
    draft,
    prerelease: flags.prerelease === 'true',
    immutable: !draft && state.immutableReleases,
    assets: [],
  });
  return `https://github.com/${state.repository}/releases/tag/${tag}\n`;
}

function upload(call: Call): string {
  const { flags } = call;
  const [tag = '', ...paths] = call.values;
  need(call, 'contents', 'write');
  if (paths.length === 0) fail('requires at least 2 arg(s), only received 1');
  const release = find(call, tag);
  for (const path of paths) {
    if (!existsSync(resolve(call.directory, path))) fail(`stat ${path}: no such file or directory`);
    if (release.immutable) fail('HTTP 422: Cannot upload assets to an immutable release.');
    const name = basename(path);
    const there = release.assets.findIndex((asset) => asset.name === name);
    if (there >= 0 && flags.clobber !== 'true') fail(`asset under the same name already exists: [${name}]`);
    if (there >= 0) release.assets.splice(there, 1);
    release.assets.push({ name, state: 'uploaded', digest: `sha256:${digest(call, path)}` });
  }
  return '';
}

function edit(call: Call): string {
  const { flags, state } = call;
  const [tag = ''] = call.values;
  need(call, 'contents', 'write');
  if (Object.keys(flags).length === 0) fail('use flags to specify properties to edit');
  const release = find(call, tag);
  const changes = ['draft', 'prerelease', 'latest', 'tag', 'target'].some((flag) => flag in flags);
  if (release.immutable && changes) fail('HTTP 422: Cannot modify an immutable release.');
  release.name = flags.title ?? release.name;
  release.body = notes(call) || release.body;
  if (flags.prerelease !== undefined) release.prerelease = flags.prerelease === 'true';
  if (flags.draft !== undefined) release.draft = flags.draft === 'true';
  if (flags.latest === 'true' && (release.draft || release.prerelease))
    fail('HTTP 422: Validation Failed: drafts and prereleases cannot be set as latest');
  if (flags.latest === 'true') state.latest = tag;
  if (!release.draft) {
    // GitHub would make the tag, on the newest commit of main.
    if (!hasTag(call, tag)) fail(`the tag ${tag} is gone, and GitHub would make a new one`);
    release.immutable = state.immutableReleases;
  }
  return `https://github.com/${state.repository}/releases/tag/${tag}\n`;
}

function verify(call: Call): string {
  const [tag = ''] = call.values;
  need(call, 'attestations', 'read');
  const release = find(call, tag);
  if (!release.immutable) fail(`no attestations for tag ${tag}`);
  return `✓ Release ${tag} verified!\n`;
}

function verifyAsset(call: Call): string {
  const [tag = '', path = ''] = call.values;
  need(call, 'attestations', 'read');
  const release = find(call, tag);
  if (!release.immutable || !release.assets.some((asset) => asset.digest === `sha256:${digest(call, path)}`))
    fail(`attestation for ${tag} does not contain subject ${basename(path)}`);
  return '';
}

function verifyAttestation(call: Call): string {
  const { flags, state } = call;
  const [path = ''] = call.values;
  need(call, 'attestations', 'read');
  const found = state.attestations.filter(
    ({ subjects, workflow, ref, commit }) =>
      Object.values(subjects).includes(digest(call, path)) &&
      [workflow, undefined].includes(flags['signer-workflow']) &&
      [ref, undefined].includes(flags['source-ref']) &&
      [commit, undefined].includes(flags['source-digest']),
  );
  if (found.length === 0) fail('✗ No attestations found');
  return '';
}

/** As gh finds one: a published one first, then a draft. */
function find({ state }: Call, tag: string): FakeRelease {
  const all = state.releases.filter((release) => release.tag_name === tag);
  const release = all.find(({ draft }) => !draft) ?? all[0];
  return release ?? fail('release not found');
}

function notes({ flags, directory }: Call): string {
  const file = flags['notes-file'];
  return file ? readFileSync(resolve(directory, file), 'utf8') : (flags.notes ?? '');
}

function hasTag({ state }: Call, tag: string): boolean {
  const refs = execFileSync('git', ['--git-dir', state.remote, 'tag', '--list', tag], { encoding: 'utf8' });
  return refs.trim() === tag;
}

function digest({ directory }: Call, path: string): string {
  return createHash('sha256')
    .update(readFileSync(resolve(directory, path)))
    .digest('hex');
}

function takeFault(state: GitHubState, command: string): GitHubState['faults'][number] | undefined {
  const at = state.faults.findIndex(({ call }) => command.startsWith(call));
  return at < 0 ? undefined : state.faults.splice(at, 1)[0];
}

function may({ token }: Call, scope: string, right: 'read' | 'write'): boolean {
  const grants = token.split(',');
  return grants.includes(`${scope}=write`) || (right === 'read' && grants.includes(`${scope}=read`));
}

function need(call: Call, scope: string, right: 'read' | 'write'): void {
  if (!may(call, scope, right)) fail('HTTP 403: Resource not accessible by integration');
}

function fail(message: string, exitCode = 1): never {
  throw Object.assign(new Error(message), { exitCode });
}
