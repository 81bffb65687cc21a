import type { Builder } from '../builder/builder.ts';
import type { BuildInputs } from '../inputs/build.ts';
import { attestationArguments } from './attestations.ts';

/** What the arguments are made of beside the build's own inputs. */
export interface ArgumentSources {
  readonly builder: Builder;
  readonly inputs: BuildInputs & {
    readonly file: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  /** The image without a tag, as Docker writes it. */
  readonly image: string;
  /** What to call the image in the engine; undefined for a builder that pushes. */
  readonly reference: string | undefined;
  /** Paths of secrets by id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Seconds since 1970 that stand for every time in a reproducible image. */
  readonly epoch: number | undefined;
}

/**
 * The arguments of `docker build` or `docker buildx build`, without the context. A builder that pushes does so by
 * digest, and an engine gets the image under a name of this step's: tags are set when all else went well.
 *
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/
 */
export function buildArguments(sources: ArgumentSources): string[] {
  const { builder, inputs, reference, epoch } = sources;
  const { file, target, labels, buildArgs, network, shmSize } = inputs;
  return [
    ...(builder.kind === 'buildx' ? ['buildx', 'build'] : ['build']),
    // Containers of failed instructions would stay in the engine.
    ...(builder.kind === 'classic' ? ['--force-rm'] : ['--progress=plain']),
    ...(builder.name ? [`--builder=${builder.name}`] : []),
    `--file=${file}`,
    ...(target ? [`--target=${target}`] : []),
    ...pairs('--label', labels),
    ...pairs('--build-arg', {
      ...(epoch !== undefined && { SOURCE_DATE_EPOCH: String(epoch) }),
      ...buildArgs,
    }),
    ...(network ? [`--network=${network}`] : []),
    ...inputs.addHosts.map((host) => `--add-host=${host}`),
    ...inputs.ulimits.map((limit) => `--ulimit=${limit}`),
    ...(shmSize ? [`--shm-size=${shmSize}`] : []),
    ...(inputs.noCache ? ['--no-cache'] : []),
    ...(inputs.pull ? ['--pull'] : []),
    ...(inputs.platforms.length > 0 ? [`--platform=${inputs.platforms.join(',')}`] : []),
    ...buildkitArguments(sources),
    ...(builder.kind === 'buildx' ? buildxArguments(sources) : []),
    ...(reference ? [`--tag=${reference}`] : []),
  ];
}

/** What the classic builder does not have. */
function buildkitArguments({ inputs, secrets }: ArgumentSources): string[] {
  return [
    ...Object.entries(secrets).map(([id, path]) => `--secret=${csv(`id=${id}`, `src=${path}`)}`),
    ...inputs.ssh.map((agent) => `--ssh=${agent}`),
  ];
}

/** What takes buildx. */
function buildxArguments(sources: ArgumentSources): string[] {
  const { builder, inputs } = sources;
  return [
    ...pairs('--build-context', inputs.buildContexts),
    ...inputs.allow.map((entitlement) => `--allow=${entitlement}`),
    ...attestationArguments(inputs),
    ...(builder.complete
      ? [...pairs('--annotation', annotations(inputs)), `--output=${csv(...outputFields(sources))}`]
      : ['--load']),
  ];
}

/** @see https://docs.docker.com/build/exporters/image-registry/ */
function outputFields({ builder, inputs, image, epoch }: ArgumentSources): string[] {
  return [
    'type=image',
    ...(builder.pushes ? [`name=${image}`, 'push=true', 'push-by-digest=true', 'name-canonical=true'] : []),
    // Annotations, zstd and estargz are OCI's alone.
    'oci-mediatypes=true',
    ...(inputs.compression === 'auto' ? [] : [`compression=${inputs.compression}`, 'force-compression=true']),
    ...(epoch === undefined ? [] : ['rewrite-timestamp=true']),
  ];
}

/** The user's own, and what labels say in OCI's words; an index carries them too, as registries show it first. */
function annotations({
  labels,
  annotations: own,
  platforms,
}: ArgumentSources['inputs']): Record<string, string> {
  const level = platforms.length > 1 ? 'index,manifest:' : '';
  const filled = Object.entries(labels)
    .filter(([name]) => name.startsWith('org.opencontainers.image.') && !(name in own))
    .map(([name, value]): [string, string] => [`${level}${name}`, value]);
  return { ...Object.fromEntries(filled), ...own };
}

function pairs(flag: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `${flag}=${name}=${value}`);
}

/** Fields as buildx reads them: one record of RFC 4180. */
function csv(...fields: string[]): string {
  return fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
