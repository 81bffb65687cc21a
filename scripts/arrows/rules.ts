import type { Import } from './imports.ts';

/** Which way imports go in one part of the house. */
export interface Rule {
  /** In words, as CONTRIBUTING.md has it. */
  readonly says: string;
  readonly breaks: (one: Pick<Import, 'file' | 'target'>) => boolean;
  /** The way out. */
  readonly cure: string;
}

/** The local cloud, what it, the tests and the demo run on, and the command. Actions are made of all other packages. */
const OF_THE_LOCAL_CLOUD = ['emulator', 'engine', 'cluster', 'runner', 'act', 'cli'];

/** GitHub's parser of workflows is no part of the runner's toolkit: the command reads workflows by it. */
const READS_WORKFLOWS = { folder: 'packages/cli', package: '@actions/workflow-parser' };

/** Facts of the real services, as data: both the actions and the local cloud are made of them. */
const FACTS = ['cloud-run'];

/** What packages/openapi may ask for beside its own files; `sarif` is types alone. */
const PURE = /^(yaml|sarif|node:path|packages\/(files|markdown)\/.*)$/;
/** Where it reads files: the rest is given what was read. */
const DOORS_TO_FILES = [
  'packages/openapi/src/read/open-document.ts',
  'packages/openapi/src/emit/emit-source.ts',
];

const LOCAL_CLOUD = 'packages/emulator/src/';
const KERNEL = `${LOCAL_CLOUD}kernel/`;
/** Folders of services, and folders that are one. */
const FAMILIES = ['google'];
const SERVICES = ['fly', 'github', 'registry'];
/** What services share: each knows the kernel and the others, and no service. */
const SHARED = [
  'docker',
  'google/allow-policies',
  'google/cel',
  'google/discovery',
  'google/metadata',
  'google/tokens',
  'oci',
];
/** What an OCI registry is made of, in whose words some contracts are. */
const OCI = `${LOCAL_CLOUD}oci/`;
/** The small interfaces by which one service asks another. */
const CONTRACTS = `${LOCAL_CLOUD}contracts.ts`;
/** Those of them that are a subject of their own. */
const PARTS_OF_CONTRACTS = `${LOCAL_CLOUD}contracts/`;

export const RULES: readonly Rule[] = [
  {
    says: 'actions import packages, never each other',
    breaks: ({ file, target }) => {
      const [own, other] = [partOf('actions', file), partOf('actions', target)];
      return own !== undefined && other !== undefined && own !== other;
    },
    cure: 'move what both need into a package',
  },
  {
    says: 'packages never import actions',
    breaks: ({ file, target }) => isIn('packages', file) && isIn('actions', target),
    cure: 'move what the package needs into it, and have the action import it from there',
  },
  {
    says: 'only packages/action imports @actions/*',
    breaks: ({ file, target }) =>
      target.startsWith('@actions/') &&
      !(isIn(READS_WORKFLOWS.folder, file) && target.startsWith(READS_WORKFLOWS.package)) &&
      (isIn('actions', file) || isIn('packages', file)) &&
      !isIn('packages/action', file),
    cure: 'use what @gangway/action exports, or add it there',
  },
  {
    says: 'packages/openapi is pure: no network, no processes, files through its two doors alone',
    breaks: ({ file, target }) =>
      isIn('packages/openapi/src', file) &&
      !isTestOnly(file) &&
      !isIn('packages/openapi/src', target) &&
      !PURE.test(target) &&
      !(target === 'node:fs' && DOORS_TO_FILES.includes(file)),
    cure: `let the caller do it and hand over what came of it; files are read in ${DOORS_TO_FILES.join(' and ')}`,
  },
  {
    says: 'facts that the actions and the local cloud share are data, made of nothing else',
    breaks: ({ file, target }) =>
      FACTS.includes(partOf('packages', file) ?? '') &&
      partOf('packages', target) !== partOf('packages', file),
    cure: 'keep only values there; let each side check by itself',
  },
  {
    says: 'the local cloud imports no code of the actions, which would hide shared mistakes',
    breaks: ({ file, target }) => isIn('packages/emulator', file) && isOfActions(target) && !isFact(target),
    cure: 'write it inside packages/emulator, from the documentation of the real service',
  },
  {
    says: 'what an action is made of imports nothing of the local cloud, nor of what that runs on',
    breaks: ({ file, target }) =>
      isOfActions(file) && !isTestOnly(file) && isIn('packages', target) && !isOfActions(target),
    cure: "use it in a test, or in the package's test/ folder",
  },
  {
    says: "the local cloud's kernel knows no service",
    breaks: ({ file, target }) =>
      isIn(KERNEL, file) && !isTestOnly(file) && isIn('packages', target) && !isIn(KERNEL, target),
    cure: 'take it as an argument, or as a part of what every service says of itself',
  },
  {
    says: 'services of the local cloud ask each other through contracts.ts alone',
    breaks: ({ file, target }) => {
      const own = serviceOf(file);
      const other = serviceOf(target);
      return own !== undefined && other !== undefined && own !== other && !isTestOnly(file);
    },
    cure: `put the small interface into ${CONTRACTS}, and let the service take it as an argument`,
  },
  {
    says: 'what services of the local cloud share knows no service',
    breaks: ({ file, target }) => {
      const shared = folderOf(file) !== undefined && serviceOf(file) === undefined && !isIn(KERNEL, file);
      return shared && !isTestOnly(file) && isIn(LOCAL_CLOUD, target) && serviceOf(target) !== undefined;
    },
    cure: 'move it into the service, or take what it needs as an argument',
  },
  {
    says: 'contracts.ts of the local cloud is made of the kernel and of oci/ alone',
    breaks: ({ file, target }) =>
      (file === CONTRACTS || isIn(PARTS_OF_CONTRACTS, file)) &&
      isIn(LOCAL_CLOUD, target) &&
      ![KERNEL, OCI, PARTS_OF_CONTRACTS].some((folder) => isIn(folder, target)),
    cure: 'describe in contracts.ts what a service needs, not how another does it',
  },
  {
    says: 'nothing outside the tests imports what only tests use',
    breaks: ({ file, target }) =>
      (isIn('packages', file) || isIn('actions', file)) && !isTestOnly(file) && isTestOnly(target),
    cure: 'move what is needed into src/',
  },
  {
    says: 'packages and actions import neither test/ nor scripts/',
    breaks: ({ file, target }) =>
      (isIn('packages', file) || isIn('actions', file)) && (isIn('test', target) || isIn('scripts', target)),
    cure: 'move what is needed into the package, or into its test/ folder',
  },
];

/** Whether only tests use a file: a test, what stands in the test/ folder of a package, and all of test/. */
export function isTestOnly(path: string): boolean {
  return /\.test\.[cm]?[jt]s$|^(packages\/[^/]+\/)?test\//.test(path);
}

/** Whether actions are made of it. */
function isOfActions(path: string): boolean {
  const name = partOf('packages', path);
  return name === undefined ? isIn('actions', path) : !OF_THE_LOCAL_CLOUD.includes(name);
}

function isFact(path: string): boolean {
  return FACTS.includes(partOf('packages', path) ?? '');
}

/** The folder right below another that a path lies in. */
function partOf(folder: string, path: string): string | undefined {
  return isIn(folder, path) ? path.slice(folder.length + 1).split('/')[0] : undefined;
}

/** The service of the local cloud that a file is a part of. */
function serviceOf(path: string): string | undefined {
  const folder = folderOf(path);
  return folder === undefined || SHARED.includes(folder) ? undefined : folder;
}

/** The folder of the local cloud, of a service or of what services share, that a file lies in; undefined for all others. */
function folderOf(path: string): string | undefined {
  if (!path.startsWith(LOCAL_CLOUD)) return undefined;
  const [folder = '', inner, ...rest] = path.slice(LOCAL_CLOUD.length).split('/');
  if (FAMILIES.includes(folder)) return rest.length > 0 ? `${folder}/${inner}` : undefined;
  return [...SERVICES, ...SHARED].includes(folder) ? folder : undefined;
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
