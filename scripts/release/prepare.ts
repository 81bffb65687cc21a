import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.ts';
import { sha256 } from './checksums.ts';
import type { ReleaseContext } from './context.ts';
import { pinnedCommit, pinnedWorkflows } from './pinned-workflows.ts';

/** Checks once more, for a release may have waited for its approval, and writes what is attested and uploaded. */
export function prepare(context: ReleaseContext): void {
  const { files, output } = context;
  const { notes, checksums } = check(context);
  mkdirSync(files.pinned, { recursive: true });
  writeFileSync(files.checksums, checksums);
  const pinned = [...pinnedWorkflows(context)];
  for (const [name, text] of pinned) writeFileSync(join(files.pinned, name), text);
  // The attestation covers each file that runs, the list of them, and the workflows in their other form.
  const others = pinned.map(([name, text]) => `${sha256(text)}  pinned/${name}\n`);
  writeFileSync(files.subjects, `${checksums}${sha256(checksums)}  SHA256SUMS\n${others.join('')}`);
  writeFileSync(files.notes, `${notes}\n\n${howToVerify(context)}\n`);
  if (output) appendFileSync(output, `subjects=${files.subjects}\n`);
}

function howToVerify(context: ReleaseContext): string {
  const { tag, commit, repository } = context;
  return `---
To pin this release, use its commit: \`${repository}/actions/NAME@${commit} # ${tag}\`. To check what runs, see [docs/verify.md](https://github.com/${repository}/blob/${tag}/docs/verify.md).

The workflows attached here are for GitHub Enterprise Server and for runners before 2.336.0; [docs/workflows.md](https://github.com/${repository}/blob/${tag}/docs/workflows.md#github-enterprise-server-and-older-runners) says how to use them. To call one: \`${repository}/.github/workflows/NAME.yml@${pinnedCommit(context)} # pinned/${tag}\`.`;
}
