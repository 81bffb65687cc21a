import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';

const ATTEST = fileURLToPath(new URL('attest.ts', import.meta.url));

/**
 * What stands in for actions of others while act runs without network: as much as a workflow notices. act fetches every
 * action that a job names, also those of steps that it skips. A checkout without a ref it makes itself.
 */
const SCRIPTS: Readonly<Record<string, { inputs: readonly string[]; run: string }>> = {
  'actions/checkout': {
    inputs: ['ref'],
    run: 'echo "act can\'t check out $REF: it has no network." >&2; exit 1',
  },
  'actions/cache': { inputs: ['path', 'key'], run: 'echo "Nothing is cached of $PATHS under $KEY."' },
  'actions/download-artifact': {
    inputs: ['name', 'path'],
    run: 'mkdir -p "$PATHS" && cp -R "$GANGWAY_ARTIFACTS/$NAME/." "$PATHS"',
  },
  // What stands in signs nothing; build.yml is what signs on GitHub, as the one workflow that calls it.
  'actions/attest': {
    inputs: ['subject-name', 'subject-digest'],
    run: `SIGNER=gangway-dev/gangway/.github/workflows/build.yml exec node ${JSON.stringify(ATTEST)}`,
  },
  'docker/setup-buildx-action': { inputs: [], run: 'echo "No builder is set up."' },
};

/** Makes a folder for each action of others that a workflow names; returns what act maps to it. */
export async function standIns(workflow: string, folder: string): Promise<string[]> {
  const mappings: string[] = [];
  for (const [, action = '', reference = ''] of workflow.matchAll(
    /uses: ([\w-]+\/[\w-]+)@([0-9a-f]{40}) /g,
  )) {
    const script = SCRIPTS[action];
    const path = join(folder, action.replace('/', '-'));
    const mapping = `${action}@${reference}=${path}`;
    if (!script || mappings.includes(mapping)) continue;
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'action.yml'), actionFile(action, script));
    mappings.push(mapping);
  }
  return mappings;
}

function actionFile(name: string, { inputs, run }: { inputs: readonly string[]; run: string }): string {
  const env = inputs.map((input) => [
    input === 'path' ? 'PATHS' : input.toUpperCase().replaceAll('-', '_'),
    `\${{ inputs.${input} }}`,
  ]);
  return stringify({
    name,
    description: `Stands in for ${name}`,
    inputs: Object.fromEntries(inputs.map((input) => [input, { description: input, default: '' }])),
    runs: { using: 'composite', steps: [{ shell: 'bash', env: Object.fromEntries(env), run }] },
  });
}
