import { join } from 'node:path';

/** What the runner says of the run: a pushed tag, its commit, and where files can be put. */
export interface ReleaseContext {
  readonly tag: string;
  /** The commit that the tag named when it was pushed. */
  readonly commit: string;
  /** `OWNER/NAME`. */
  readonly repository: string;
  /** A file for outputs of the step; undefined outside a workflow. */
  readonly output: string | undefined;
  /** What {@link prepare} writes and {@link publish} uploads. */
  readonly files: { readonly folder: string } & Readonly<
    Record<'checksums' | 'subjects' | 'notes' | 'pinned', string>
  >;
}

/**
 * Reads the variables that GitHub's runner sets, which a workflow can't overwrite.
 * @throws Error when this is not the run of a pushed tag
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables
 */
export function readContext(environment: NodeJS.ProcessEnv = process.env): ReleaseContext {
  const read = (name: string) => {
    const value = environment[name];
    if (value) return value;
    throw new Error(`${name} is not set. Releases run in release.yml, not by hand.`);
  };
  if (read('GITHUB_REF_TYPE') !== 'tag')
    throw new Error(`${read('GITHUB_REF')} is not a tag. Push a tag vX.Y.Z to make a release.`);
  const folder = join(read('RUNNER_TEMP'), 'release');
  return {
    tag: read('GITHUB_REF_NAME'),
    commit: read('GITHUB_SHA'),
    repository: read('GITHUB_REPOSITORY'),
    output: environment.GITHUB_OUTPUT,
    files: {
      folder,
      checksums: join(folder, 'SHA256SUMS'),
      subjects: join(folder, 'subjects.sha256'),
      notes: join(folder, 'notes.md'),
      pinned: join(folder, 'pinned'),
    },
  };
}
