import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError, command } from '@gangway/action';
import type { Builder } from './builder.ts';
import type { Inputs } from './inputs.ts';

export interface BuildRequest {
  readonly builder: Builder;
  readonly inputs: Inputs;
  /** Docker references to tag the image with. */
  readonly references: readonly string[];
  /** The step's own directory, for secret files. */
  readonly scratch: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Builds the image into the engine, its progress in the log. */
export async function build({ builder, inputs, references, scratch, env }: BuildRequest): Promise<void> {
  const secrets = await writeSecrets(inputs.secrets, scratch);
  if (secrets.length > 0 && builder === 'classic') {
    throw new ActionError('Input "secrets" needs BuildKit, and this runner has only the classic builder.', {
      code: 'buildkit-missing',
      hint: 'add docker/setup-buildx-action before this step',
    });
  }
  const args = [
    ...(builder === 'buildx' ? ['buildx', 'build', '--load'] : ['build']),
    ...(builder === 'classic' ? [] : ['--progress=plain']),
    ...buildArguments(inputs),
    ...secrets,
    ...references.flatMap((reference) => ['--tag', reference]),
    inputs.context,
  ];
  await command('docker', args, { env: { ...env, ...CHOICES[builder] } });
}

/**
 * What the client is told by its environment. An attestation would make the image an index whose digest changes with
 * every build, which a service would then be rolled out for.
 */
const CHOICES: Readonly<Record<Builder, Readonly<Record<string, string>>>> = {
  buildx: { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
  buildkit: { DOCKER_BUILDKIT: '1' },
  classic: { DOCKER_BUILDKIT: '0' },
};

/** The arguments that inputs alone decide. */
function buildArguments({ file, target, labels, buildArgs }: Inputs): string[] {
  return [
    `--file=${file}`,
    ...(target ? [`--target=${target}`] : []),
    ...Object.entries(labels).map(([name, value]) => `--label=${name}=${value}`),
    ...Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
  ];
}

/** Secrets go to the builder as files that only this user can read; the names alone are arguments. */
async function writeSecrets(secrets: Readonly<Record<string, string>>, scratch: string): Promise<string[]> {
  return Promise.all(
    Object.entries(secrets).map(async ([name, value], index) => {
      const path = join(scratch, `secret-${index}`);
      await writeFile(path, value, { mode: 0o600 });
      return `--secret=id=${name},src=${path}`;
    }),
  );
}
