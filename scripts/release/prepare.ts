import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { check } from './check.ts';
import { sha256 } from './checksums.ts';
import type { ReleaseContext } from './context.ts';

/** Checks once more, for a release may have waited for its approval, and writes what is attested and uploaded. */
export function prepare(context: ReleaseContext): void {
  const { files, output } = context;
  const { notes, checksums } = check(context);
  mkdirSync(files.folder, { recursive: true });
  writeFileSync(files.checksums, checksums);
  // The attestation covers each file that runs, and the list of them.
  writeFileSync(files.subjects, `${checksums}${sha256(checksums)}  SHA256SUMS\n`);
  writeFileSync(files.notes, `${notes}\n\n${howToVerify(context)}\n`);
  if (output) appendFileSync(output, `subjects=${files.subjects}\n`);
}

function howToVerify({ tag, commit, repository }: ReleaseContext): string {
  return `---
To pin this release, use its commit: \`${repository}/actions/NAME@${commit} # ${tag}\`. To check what runs, see [docs/verify.md](https://github.com/${repository}/blob/${tag}/docs/verify.md).`;
}
