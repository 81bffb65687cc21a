import { existsSync, statSync } from 'node:fs';
import { ActionError, input, invalid, mask } from '@gangway/action';
import { type Attestations, readAttestations } from './attestations.ts';

/** What the inputs say about the build itself. */
export interface BuildInputs extends Attestations {
  /** Name of a builder of buildx. */
  readonly builder: string | undefined;
  readonly target: string | undefined;
  readonly platforms: readonly string[];
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Values by id. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Paths by id. */
  readonly secretFiles: Readonly<Record<string, string>>;
  /** `default`, or ID=PATH of an agent's socket or of keys. */
  readonly ssh: readonly string[];
  /** Further contexts by name. */
  readonly buildContexts: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly network: string | undefined;
  /** HOST=ADDRESS. */
  readonly addHosts: readonly string[];
  readonly ulimits: readonly string[];
  readonly shmSize: string | undefined;
  /** Entitlements. */
  readonly allow: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly compression: Compression;
  readonly reproducible: boolean;
}

/** Commas would end it in an option of buildx. */
const SECRET_ID = /^[\w.-]+$/;
const COMPRESSIONS = ['auto', 'gzip', 'zstd', 'estargz', 'uncompressed'] as const;
type Compression = (typeof COMPRESSIONS)[number];

/** @throws ActionError naming the input that can't be used */
export function readBuildInputs(): BuildInputs {
  const attestations = readAttestations();
  const reproducible = input.boolean('reproducible');
  if (reproducible && (attestations.provenance || attestations.sbom))
    throw invalid(
      'reproducible',
      'true',
      'leave out provenance and sbom, which tell when an image was built',
    );
  return {
    builder: readBuilder(),
    target: input.optional('target'),
    platforms: readPlatforms(),
    buildArgs: readBuildArgs(),
    secrets: readSecrets(),
    secretFiles: readSecretFiles(),
    ssh: readSsh(),
    buildContexts: input.pairs('build_contexts'),
    annotations: input.pairs('annotations'),
    network: input.optional('network'),
    addHosts: readHosts(),
    ulimits: readUlimits(),
    shmSize: readSize(),
    allow: input.list('allow'),
    noCache: input.boolean('no_cache'),
    pull: input.boolean('pull'),
    ...attestations,
    compression: input.choice('compression', COMPRESSIONS),
    reproducible,
  };
}

function readBuildArgs(): Record<string, string> {
  if (input.lines('build_args').some((line) => /^--build-arg[\s=]/.test(line)))
    throw new ActionError('Input "build_args" is not valid: a line begins with --build-arg.', {
      code: 'input-invalid',
      hint: 'write NAME=VALUE alone, one per line',
    });
  return input.pairs('build_args');
}

function readBuilder(): string | undefined {
  const name = input.optional('builder');
  if (name?.startsWith('-')) throw invalid('builder', name, 'write the name that "docker buildx ls" shows');
  return name;
}

function readPlatforms(): string[] {
  const platforms = input.list('platforms');
  for (const platform of platforms) {
    if (!/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/.test(platform))
      throw invalid('platforms', platform, 'write OS/ARCHITECTURE, such as linux/amd64 or linux/arm64');
  }
  return [...new Set(platforms)];
}

/** Secrets by value: given as such, or named as variables of the step's environment. */
function readSecrets(): Record<string, string> {
  const secrets = input.secrets('secrets', SECRET_ID);
  for (const [id, name] of Object.entries(input.pairList('secret_envs') ?? {})) {
    checkId('secret_envs', id);
    const value = process.env[name];
    if (!value) {
      const hint = `set ${name} under "env:" of the step; if it comes from a secret, check that it exists here`;
      throw invalid('secret_envs', `${id}=${name}`, hint);
    }
    mask(value);
    if (id in secrets) throw invalid('secret_envs', id, `${id} is under secrets as well; keep one`);
    secrets[id] = value;
  }
  return secrets;
}

function readSecretFiles(): Record<string, string> {
  const files = input.pairs('secret_files');
  for (const [id, path] of Object.entries(files)) {
    checkId('secret_files', id);
    if (!existsSync(path))
      throw invalid('secret_files', `${id}=${path}`, `there is no file ${path}; name one`);
    if (!statSync(path).isFile())
      throw invalid('secret_files', `${id}=${path}`, `${path} is not a regular file; name one`);
  }
  return files;
}

function checkId(name: string, id: string): void {
  if (!SECRET_ID.test(id))
    throw invalid(name, id, 'use letters, digits, dots, dashes and underscores in the name of a secret');
}

function readSsh(): string[] {
  const agents = input.lines('ssh');
  for (const agent of agents) {
    const [id = '', paths] = agent.split('=', 2);
    if (!/^[\w.-]+$/.test(id)) throw invalid('ssh', agent, 'write default, or ID=PATH of a key or a socket');
    if (paths === undefined && !process.env.SSH_AUTH_SOCK)
      throw invalid('ssh', agent, 'there is no SSH agent: start one before, or write ID=PATH of a key');
    for (const path of paths?.split(',') ?? [])
      if (!existsSync(path)) throw invalid('ssh', agent, `there is no ${path}; name a key or a socket`);
  }
  return agents;
}

function readHosts(): string[] {
  const hosts = input.list('add_hosts');
  for (const host of hosts) {
    if (!/^[\w.-]+[:=]\S+$/.test(host)) throw invalid('add_hosts', host, 'write HOST=ADDRESS, one per line');
  }
  // The classic client knows the colon alone.
  return hosts.map((host) => host.replace(/^([\w.-]+)=/, '$1:'));
}

function readUlimits(): string[] {
  const limits = input.list('ulimits');
  for (const limit of limits) {
    if (!/^[a-z]+=-?\d+(:-?\d+)?$/.test(limit))
      throw invalid('ulimits', limit, 'write NAME=SOFT or NAME=SOFT:HARD, such as nofile=1024:2048');
  }
  return limits;
}

function readSize(): string | undefined {
  const size = input.optional('shm_size');
  if (size && !/^\d+[bkmg]?$/i.test(size)) throw invalid('shm_size', size, 'write a size such as 128m or 2g');
  return size;
}
