import { ActionError, input, invalid, mask, readTextFile, refuseUnknown } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';
import { LIMITS as CLOUD_RUN } from '@gangway/cloud-run';
import { LIMITS } from '@gangway/files';
import { inWorkspace } from '@gangway/settings';
import { inputOf, type Kind } from './api/kind.ts';
import { DECLARED } from './declared-inputs.ts';
import { type Preview, readPreview } from './inputs/preview.ts';
import { type Provenance, readProvenance } from './inputs/provenance.ts';
import {
  readJobInputs,
  readLabels,
  readPoolInputs,
  readServiceInputs,
  readSettings,
} from './inputs/read-settings.ts';
import { REFUSED } from './inputs/refused.ts';
import type { JobInputs, Labels, PoolInputs, ServiceInputs, Settings } from './inputs/settings.ts';
import { refuseStrangers } from './inputs/strangers.ts';
import { readTimeout } from './inputs/timeout.ts';
import { readTraffic, type TrafficInputs } from './inputs/traffic.ts';
import { type Described, readDescription } from './knative/read.ts';

export interface Inputs {
  readonly google: GoogleInputs;
  readonly kind: Kind;
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
  readonly pool: PoolInputs;
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

const KINDS = ['service', 'job', 'workerPool'] as const;
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
  const timeout = readTimeout(kind === 'service' && described === undefined);
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
    pool: readPoolInputs(),
    labels: readLabels(),
    traffic: readTraffic(timeout),
    invokers: readInvokers(),
    dryRun: input.boolean('dry_run'),
    preview,
    ...readGithub(),
    provenance: readProvenance(),
    timeout,
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

function readRegions(): readonly string[] {
  input.required('region');
  const regions = input.list('region');
  for (const [index, region] of regions.entries()) {
    if (!REGION.test(region)) throw invalid('region', region, 'write a region such as us-central1');
    if (regions.indexOf(region) !== index) throw invalid('region', region, 'it is listed twice; keep one');
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
  const hint = 'write the path of a file below the workspace; check out first';
  return readDescription(
    file,
    readTextFile(inWorkspace(file), { input: 'metadata', value: file }, { limit: LIMITS.settings, hint }),
  );
}

function readName(described: Described | undefined): { kind: Kind; name: string } {
  const names = {
    service: input.optional('service'),
    job: input.optional('job'),
    workerPool: input.optional('worker_pool'),
  };
  const named = KINDS.flatMap((kind) => {
    const name = names[kind];
    return name === undefined ? [] : [{ kind, name }];
  });
  const [given, second] = named;
  if (given && second)
    throw invalid(
      inputOf(second.kind),
      second.name,
      `a step deploys one thing; keep ${inputOf(given.kind)} or ${inputOf(second.kind)}, one of the two`,
    );
  const kind = described?.kind ?? given?.kind ?? 'service';
  if (given && kind !== given.kind) throw invalid('metadata', given.name, `the file describes a ${kind}`);
  const name = given?.name ?? described?.name;
  if (name === undefined)
    throw new ActionError('Input "service" is required and was empty.', {
      code: 'input-missing',
      hint: 'set service, job, worker_pool or metadata',
    });
  if (described?.name !== undefined && described.name !== name)
    throw invalid(inputOf(kind), name, `the file names ${described.name}`);
  const { most } = kind === 'job' ? CLOUD_RUN.jobName : CLOUD_RUN.serviceName;
  if (!NAME.test(name) || name.length > most)
    throw invalid(
      inputOf(kind),
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
