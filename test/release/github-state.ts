import { readFileSync, renameSync, writeFileSync } from 'node:fs';

interface FakeAsset {
  readonly name: string;
  readonly state: 'uploaded';
  readonly digest: string;
}

export interface FakeRelease {
  readonly tag_name: string;
  name: string;
  body: string;
  draft: boolean;
  prerelease: boolean;
  immutable: boolean;
  assets: FakeAsset[];
}

interface FakeRun {
  readonly workflow: string;
  readonly head_sha: string;
  readonly event: string;
  readonly status: string;
  readonly conclusion: string | null;
}

interface FakeAttestation {
  /** Digests in hexadecimal, by the subject's name. */
  readonly subjects: Readonly<Record<string, string>>;
  readonly workflow: string;
  readonly ref: string;
  readonly commit: string;
}

/** What GitHub knows of the repository, apart from what git does; in a file that the stub of gh and the tests share. */
export interface GitHubState {
  readonly repository: string;
  /** Path of the bare repository. */
  readonly remote: string;
  immutableReleases: boolean;
  /** The tag of the release that is marked as the latest. */
  latest: string | undefined;
  releases: FakeRelease[];
  runs: FakeRun[];
  attestations: FakeAttestation[];
  /** Arguments of every call of gh. */
  calls: string[][];
  /** Calls to fail, once each: those that start with `call`, before or after they did their work. */
  faults: { readonly call: string; readonly message: string; readonly after?: boolean }[];
}

export function readState(file: string): GitHubState {
  return JSON.parse(readFileSync(file, 'utf8')) as GitHubState;
}

export function writeState(file: string, state: GitHubState): void {
  writeFileSync(`${file}.new`, JSON.stringify(state, undefined, 2));
  renameSync(`${file}.new`, file);
}
