import { isAbsolute, join } from 'node:path';
import { ActionError, input, invalid, mask, readTextFile, refuseUnknown } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';
import { LIMITS as CLOUD_RUN } from '@gangway/cloud-run';
import { LIMITS } from '@gangway/files';
import { DECLARED } from './declared-inputs.ts';
import { type Preview, readPreview } from './inputs/preview.ts';
import { type Provenance, readProvenance } from './inputs/provenance.ts';
import { readJobInputs, readLabels, readServiceInputs, readSettings } from './inputs/read-settings.ts';
import { REFUSED } from './inputs/refused.ts';
import type { JobInputs, Labels, ServiceInputs, Settings } from './inputs/settings.ts';
import { readTimeout } from './inputs/timeout.ts';
import { readTraffic, type Split, type TrafficInputs } from './inputs/traffic.ts';
import { type Described, readDescription } from './knative/read.ts';

export interface Inputs {
  readonly google: GoogleInputs;
  readonly kind: 'service' | 'job';
  readonly name: string;
  /** The one that is deployed to now; of several, they follow each other. */
  readonly region: string;
  readonly regions: readonly string[];
  /** Undefined keeps the image that is there, or that the file names. */
  readonly image: string | undefined;
  /** The whole of it, out of a file. */
  readonly described: Described | undefined;
  readonly settings: Settings;
  readonly service: ServiceInputs;
  readonly job: JobInputs;
  readonly labels: Labels;
  readonly traffic: TrafficInputs;
  /** IAM members, or undefined to leave the policy alone. */
  readonly invokers: readonly string[] | undefined;
  readonly dryRun: boolean;
  /** Of a pull request, beside what serves. */
  readonly preview: Preview | undefined;
  /** Name of the environment on GitHub under which the deploy is recorded. */
  readonly deployment: string | undefined;
  /** To write to the repository with: a comment, a deployment. */
  readonly githubToken: string | undefined;
  readonly provenance: Provenance | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

const NAME = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const REGION = /^[a-z]+-[a-z]+\d+$/;
/** As Docker has it: without a host it is Docker Hub's (https://github.com/distribution/reference). */
const IMAGE =
  /^([a-z0-9.-]+(:\d+)?\/)?[a-z0-9._-]+(\/[a-z0-9._-]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
const MEMBER =
  /^(allUsers|allAuthenticatedUsers|(user|group|domain|serviceAccount|principal|principalSet):\S+)$/;

export function readInputs(): Inputs {
  refuseUnknown(DECLARED, REFUSED);
  const preview = readPreview();
  const described = readMetadata();
  const { kind, name } = readName(described);
  const image = input.optional('image');
  if (image !== undefined && !IMAGE.test(image))
    throw invalid('image', image, 'write HOST/PATH@sha256:DIGEST, or HOST/PATH:TAG');
  const regions = readRegions();
  const all = {
    google: readGoogleInputs(input),
    kind,
    name,
    region: regions[0] ?? '',
    regions,
    image,
    described,
    settings: readSettings(),
    service: readServiceInputs(),
    job: readJobInputs(),
    labels: readLabels(),
    traffic: readTraffic(),
    invokers: readInvokers(),
    dryRun: input.boolean('dry_run'),
    preview,
    ...readGithub(),
    provenance: readProvenance(),
    timeout: readTimeout(kind === 'service' && described === undefined),
  };
  refuseStrangers(all);
  refuseWithPrevious(all);
  return all;
}

/** What is written to the repository, and with which token. */
function readGithub(): Pick<Inputs, 'deployment' | 'githubToken'> {
  const githubToken = input.optional('github_token');
  if (githubToken) mask(githubToken);
  const deployment = input.optional('deployment');
  if (deployment && !githubToken)
    throw invalid('deployment', deployment, 'set github_token too, to that of the job');
  return { deployment, githubToken };
}

/** What is of no use to a job, or to a service, is an error: it would be lost without a word. */
function refuseStrangers({ kind, service: { http2, ...service }, job, traffic }: Inputs): void {
  const { split, tag, check } = traffic;
  const only = {
    job: { ...service, use_http2: http2, ...(split && { [nameOf(split)]: split }), tag, check_url: check },
    service: { tasks: job.tasks, parallelism: job.parallelism, max_retries: job.maxRetries },
  }[kind];
  const [given] = Object.entries(only).filter(([, value]) => value !== undefined);
  const execute = kind === 'service' && job.execute;
  if (!given && !execute) return;
  const what = (given?.[0] ?? (input.boolean('execute') ? 'execute' : 'wait')).replace(
    /[A-Z]/g,
    (letter) => `_${letter.toLowerCase()}`,
  );
  throw new ActionError(`Input "${what}" means nothing to a ${kind}.`, {
    code: 'input-invalid',
    hint: `leave it out, or deploy a ${kind === 'job' ? 'service' : 'job'}`,
  });
}

/** The input that a split comes from. */
function nameOf(split: Split): string {
  if ('revisions' in split) return 'revision_traffic';
  if ('tags' in split) return 'tag_traffic';
  return input.boolean('no_traffic') ? 'no_traffic' : 'traffic';
}

function readRegions(): readonly string[] {
  input.required('region');
  const regions = input.list('region');
  for (const [index, region] of regions.entries()) {
    if (!REGION.test(region)) throw invalid('region', region, 'write a region such as us-central1');
    if (regions.indexOf(region) !== index) throw invalid('region', region, 'it is there twice; keep one');
  }
  return regions;
}

/** What `traffic: previous` can't go with: it is about what is there. */
function refuseWithPrevious({ traffic, image, described }: Inputs): void {
  if (!traffic.split || !('previous' in traffic.split)) return;
  const beside = image === undefined ? (described ? 'metadata' : undefined) : 'image';
  if (beside) throw invalid('traffic', 'previous', `it goes back to what is there; leave out ${beside}`);
}

function readMetadata(): Described | undefined {
  const file = input.optional('metadata');
  if (file === undefined) return undefined;
  const path = isAbsolute(file) ? file : join(process.env.GITHUB_WORKSPACE ?? process.cwd(), file);
  const hint = 'write the path of a file below the workspace; check out first';
  return readDescription(
    file,
    readTextFile(path, { input: 'metadata', value: file }, { limit: LIMITS.settings, hint }),
  );
}

function readName(described: Described | undefined): { kind: Inputs['kind']; name: string } {
  const service = input.optional('service');
  const job = input.optional('job');
  if (service !== undefined && job !== undefined)
    throw invalid('job', job, 'a step deploys a service or a job; keep one of the two');
  const kind = described?.kind ?? (job === undefined ? 'service' : 'job');
  const given = service ?? job;
  if (given !== undefined && described && kind !== (job === undefined ? 'service' : 'job'))
    throw invalid('metadata', given, `the file describes a ${kind}`);
  const name = given ?? described?.name;
  if (name === undefined)
    throw new ActionError('Input "service" is required and was empty.', {
      code: 'input-missing',
      hint: 'name a service, or a job by the input job, or a file by the input metadata',
    });
  if (described?.name !== undefined && described.name !== name)
    throw invalid(kind, name, `the file names ${described.name}`);
  const { most } = kind === 'service' ? CLOUD_RUN.serviceName : CLOUD_RUN.jobName;
  if (!NAME.test(name) || name.length > most)
    throw invalid(
      kind,
      name,
      `use lower-case letters, digits and dashes, starting with a letter, ${most} at most`,
    );
  return { kind, name };
}

function readInvokers(): string[] | undefined {
  const members = input
    .list('invokers')
    .map((member) =>
      /^[^:\s]+@\S+\.gserviceaccount\.com$/.test(member) ? `serviceAccount:${member}` : member,
    );
  if (members.length === 1 && members[0] === 'none') return [];
  for (const member of members) {
    if (!MEMBER.test(member))
      throw invalid(
        'invokers',
        member,
        'write an IAM member such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com, or allUsers',
      );
  }
  return members.length > 0 ? [...new Set(members)] : undefined;
}
