import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';

/** A composite action of one step that does as much of another action as a workflow notices. */
export interface StandIn {
  /** Those of the action's inputs that the script reads, as `WITH_NAME`. */
  readonly inputs: readonly string[];
  /** Those of its outputs that the script sets. */
  readonly outputs?: readonly string[];
  readonly run: string;
  /** Whether the action itself is better where it is on the machine. */
  readonly yields?: boolean;
  /** What it does in place of the action, for a person: "nothing is cached". */
  readonly does: string;
}

const nothing = (does: string, inputs: readonly string[] = [], outputs: readonly string[] = []): StandIn => ({
  inputs,
  outputs,
  run: `echo ${JSON.stringify(`${does[0]?.toUpperCase()}${does.slice(1)}.`)}`,
  does,
});

/** Uses what is on the PATH, or ends with what to do. */
const installed = (program: string, version: string, outputs: readonly string[] = []): StandIn => ({
  inputs: [version],
  outputs,
  run: `command -v ${program} >/dev/null || { echo "::error::The workflow needs ${program}, and this machine has none on its PATH. Install it."; exit 1; }
found=$(${program} ${program === 'go' ? 'version' : '--version'} 2>&1 | head -n 1)
echo "This machine's own $found is used."
if [ -n "$WITH_${nameOf(version)}" ]; then echo "The workflow asks for $WITH_${nameOf(version)}."; fi
${outputs.map((name) => `echo "${name}=$found" >> "$GITHUB_OUTPUT"`).join('\n')}`,
  does: `this machine's own ${program} is used`,
});

/**
 * What stands in for actions of others while act runs without network: as much as a workflow notices. act fetches every
 * action that a job names, also those of steps that it skips. A checkout without a ref it makes itself.
 */
const SCRIPTS: Readonly<Record<string, StandIn>> = {
  'actions/checkout': {
    inputs: ['ref', 'repository'],
    run: 'echo "::error::act can\'t check out $WITH_REPOSITORY $WITH_REF: it has no network." >&2; exit 1',
    does: 'checks out your local copy; another repository or ref is an error',
  },
  'actions/cache': {
    inputs: ['path', 'key'],
    run: 'echo "Nothing is cached of $WITH_PATH under $WITH_KEY."',
    does: 'nothing is cached',
  },
  'actions/cache/restore': nothing('nothing is cached'),
  'actions/cache/save': nothing('nothing is cached'),
  'actions/upload-artifact': {
    inputs: ['name', 'path'],
    run: `folder="$GANGWAY_ARTIFACTS/\${WITH_NAME:-artifact}"; mkdir -p "$folder"
while IFS= read -r path; do
  case "$path" in ''|'#'*|'!'*) continue ;; esac
  for found in $path; do if [ -d "$found" ]; then cp -R "$found/." "$folder"; else cp "$found" "$folder"; fi; done
done <<< "$WITH_PATH"`,
    does: 'kept in a local folder until the run ends',
  },
  'actions/download-artifact': {
    inputs: ['name', 'path', 'pattern', 'merge-multiple'],
    // Several go into folders of their own name, unless they are to be merged.
    run: `to="\${WITH_PATH:-.}"; mkdir -p "$to"
if [ -n "$WITH_NAME" ]; then cp -R "$GANGWAY_ARTIFACTS/$WITH_NAME/." "$to"; exit; fi
for folder in "$GANGWAY_ARTIFACTS"/\${WITH_PATTERN:-*}; do
  [ -d "$folder" ] || continue
  if [ "$WITH_MERGE_MULTIPLE" = true ]; then cp -R "$folder/." "$to"; else cp -R "$folder" "$to"; fi
done`,
    does: 'copied from a local folder',
  },
  // What stands in signs nothing; build.yml is what signs on GitHub, as the one workflow that calls it.
  'actions/attest': {
    inputs: ['subject-name', 'subject-digest'],
    run: 'SIGNER=gangway-dev/gangway/.github/workflows/build.yml exec node "$GITHUB_ACTION_PATH/attest.ts"',
    does: 'an attestation without a signature',
  },
  'actions/setup-python': installed('python3', 'python-version', ['python-version']),
  'actions/setup-node': installed('node', 'node-version', ['node-version']),
  'actions/setup-go': installed('go', 'go-version', ['go-version']),
  'astral-sh/setup-uv': installed('uv', 'version', ['uv-version']),
  'google-github-actions/setup-gcloud': installed('gcloud', 'version', ['version']),
  'superfly/flyctl-actions/setup-flyctl': {
    ...installed('flyctl', 'version'),
    does: "this machine's own flyctl is used, without Depot and without DNS checks",
  },
  'google-github-actions/auth': {
    inputs: [
      ...['project_id', 'workload_identity_provider', 'service_account', 'credentials_json', 'token_format'],
      ...['id_token_audience', 'create_credentials_file', 'export_environment_variables'],
    ],
    outputs: ['project_id', 'credentials_file_path', 'auth_token', 'access_token', 'id_token'],
    run: 'exec node "$GITHUB_ACTION_PATH/auth.ts"',
    yields: true,
    does: 'a simpler one signs in to the local cloud',
  },
  'docker/login-action': {
    inputs: ['registry', 'username', 'password'],
    run: 'printf %s "$WITH_PASSWORD" | docker login --username "$WITH_USERNAME" --password-stdin "$WITH_REGISTRY"',
    yields: true,
    does: 'docker login signs in',
  },
  'docker/setup-qemu-action': nothing('no emulator is set up'),
  'docker/setup-buildx-action': {
    inputs: [],
    outputs: ['name', 'driver'],
    run: `echo "No builder is set up."; printf 'name=default\\ndriver=docker\\n' >> "$GITHUB_OUTPUT"`,
    does: "the engine's own builder is used",
  },
};

/** Programs that a stand-in starts, beside its action.yml: act copies the folder to where it runs. */
const PROGRAMS: Readonly<Record<string, URL>> = {
  'actions/attest': new URL('attest.ts', import.meta.url),
  'google-github-actions/auth': new URL('auth.ts', import.meta.url),
};

/** What stands in for an action of others. @param action `OWNER/NAME`, or with the path of an action below it */
export function standIn(action: string): StandIn | undefined {
  return Object.hasOwn(SCRIPTS, action) ? SCRIPTS[action] : undefined;
}

/** Makes a folder for each action of others that a workflow names by a commit; returns what act maps to it. */
export async function standIns(workflow: string, folder: string): Promise<string[]> {
  const mappings = new Set<string>();
  for (const [, action = '', reference = ''] of workflow.matchAll(
    /uses: ([\w-]+\/[\w-]+)@([0-9a-f]{40}) /g,
  )) {
    const script = standIn(action);
    if (!script) continue;
    const path = join(folder, action.replace('/', '-'));
    await writeStandIn(action, script, path);
    mappings.add(`${action}@${reference}=${path}`);
  }
  return [...mappings];
}

/** Writes an action that stands in for another into a folder, which is made where it is not there. */
export async function writeStandIn(action: string, script: StandIn, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'action.yml'), actionFile(action, script));
  const program = PROGRAMS[action];
  if (program) await copyFile(program, join(folder, basename(String(program))));
}

function actionFile(name: string, { inputs, outputs = [], run }: StandIn): string {
  const env = inputs.map((input) => [`WITH_${nameOf(input)}`, `\${{ inputs.${input} }}`]);
  return stringify(
    {
      name,
      description: `Stands in for ${name}`,
      inputs: Object.fromEntries(inputs.map((input) => [input, { description: input, default: '' }])),
      outputs: Object.fromEntries(
        outputs.map((output) => [
          output,
          { description: output, value: `\${{ steps.main.outputs.${output} }}` },
        ]),
      ),
      runs: {
        using: 'composite',
        steps: [{ id: 'main', shell: 'bash', env: Object.fromEntries(env), run }],
      },
    },
    { lineWidth: 0 },
  );
}

/** As a variable of the environment: `subject-name` is `SUBJECT_NAME`. */
function nameOf(input: string): string {
  return input.toUpperCase().replaceAll('-', '_');
}
