/** The steps of release.yml: `node scripts/release/main.ts check | prepare | publish | move-major | tag-pinned`. Needs no packages. */
import { check, Refusal } from './check.ts';
import { type ReleaseContext, readContext } from './context.ts';
import { moveMajor } from './move-major.ts';
import { prepare } from './prepare.ts';
import { publish } from './publish.ts';
import { tagPinned } from './tag-pinned.ts';

const steps: Readonly<Record<string, (context: ReleaseContext) => void | Promise<void>>> = {
  check: (context) => console.log(check(context).notes),
  prepare,
  publish: (context) => publish(context, attestation()),
  'move-major': moveMajor,
  'tag-pinned': tagPinned,
};

try {
  const [name = ''] = process.argv.slice(2);
  const step = steps[name];
  if (!step) throw new Error(`"${name}" is not a step of a release: ${Object.keys(steps).join(', ')}.`);
  await step(readContext());
} catch (error) {
  const reasons =
    error instanceof Refusal ? error.reasons : [error instanceof Error ? error.message : String(error)];
  for (const reason of reasons) console.log(`::error title=Not released::${escapeData(reason)}`);
  process.exitCode = 1;
}

function attestation(): string {
  const path = process.env.ATTESTATION;
  if (path) return path;
  throw new Error('ATTESTATION is not set: it is the path that actions/attest gives out.');
}

/** As the runner reads the data of a command. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
