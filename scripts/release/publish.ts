import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { check } from './check.ts';
import { sha256 } from './checksums.ts';
import type { ReleaseContext } from './context.ts';
import { gh, listReleases, type Release } from './github.ts';
import { isStable } from './version.ts';

/**
 * Makes the release: a draft, its files, and only then the publication, after which GitHub lets no one change it. A run
 * that stopped half-way is taken up where it stopped.
 *
 * @param bundle path of the attestation that was made of {@link ReleaseContext.files.subjects}
 * @throws Error when GitHub has other files than these, or when the release can be changed
 * @see https://docs.github.com/en/code-security/concepts/supply-chain-security/immutable-releases
 */
export async function publish(context: ReleaseContext, bundle: string): Promise<void> {
  const { tag, repository, files } = context;
  const { version, latest } = check(context);
  const provenance = join(files.folder, 'provenance.sigstore.json');
  copyFileSync(bundle, provenance);
  const pinned = readdirSync(files.pinned).map((name) => join(files.pinned, name));
  const assets = [files.checksums, provenance, ...pinned];
  const flags = ['--repo', repository, '--title', tag, '--notes-file', files.notes];

  let release = find(context);
  if (!release || release.draft) {
    if (!release) gh('release', 'create', tag, ...flags, '--draft', '--verify-tag');
    gh('release', 'upload', tag, ...assets, '--repo', repository, '--clobber');
    holdAgainst(find(context), tag, assets);
    const prerelease = `--prerelease=${!isStable(version)}`;
    gh('release', 'edit', tag, ...flags, prerelease, `--latest=${latest}`, '--draft=false');
    release = find(context);
  }
  if (!release?.immutable)
    throw new Error(
      `The release ${tag} can be changed, so its major tag stays where it is. Turn on "Enable release immutability" in the settings of ${repository}, delete this release and run this again.`,
    );
  await verify(context);
}

function find({ repository, tag }: ReleaseContext): Release | undefined {
  return listReleases(repository).find(({ tag_name }) => tag_name === tag);
}

/** Publishing can't be undone: what GitHub has must be what was sent, and nothing else. */
function holdAgainst(release: Release | undefined, tag: string, paths: readonly string[]): void {
  const there = (release?.assets ?? []).map(({ name, state, digest }) => `${name} ${state} ${digest}`).sort();
  const sent = paths.map((path) => `${basename(path)} uploaded sha256:${sha256(readFileSync(path))}`).sort();
  if (there.join('\n') !== sent.join('\n'))
    throw new Error(
      `The draft of ${tag} has other files than were sent, so it stays a draft. It has: ${there.join(', ') || 'none'}. Sent: ${sent.join(', ')}. Remove what does not belong there and run this again.`,
    );
}

/** Runs what docs/verify.md tells users to run. GitHub signs a release some seconds after it is published. */
async function verify({ tag, commit, repository, files }: ReleaseContext): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      gh('release', 'verify', tag, '--repo', repository);
      break;
    } catch (error) {
      if (attempt === 6) throw error;
      console.log(`GitHub has not signed ${tag} yet; asking again in 10 s.`);
      await setTimeout(10_000);
    }
  }
  gh('release', 'verify-asset', tag, files.checksums, '--repo', repository);
  gh(
    ...['attestation', 'verify', files.checksums, '--repo', repository],
    ...['--signer-workflow', `${repository}/.github/workflows/release.yml`],
    ...['--source-ref', `refs/tags/${tag}`, '--source-digest', commit, '--deny-self-hosted-runners'],
  );
  console.log(`${tag} is released, and can't be changed any more.`);
}
