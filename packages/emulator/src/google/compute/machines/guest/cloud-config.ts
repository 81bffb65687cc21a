import { parse } from 'yaml';

/** A file to write. */
interface WrittenFile {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
  readonly owner: string;
  readonly append: boolean;
}

export interface User {
  readonly name: string;
  readonly uid: number | undefined;
  readonly groups: readonly string[];
  readonly primaryGroup: string | undefined;
  readonly home: string | undefined;
  readonly shell: string | undefined;
  readonly isSystem: boolean;
}

/** A command: words, or a line for a shell. */
export type Command = string | readonly string[];

/** What a `#cloud-config` asks for, as far as the local cloud carries it out (https://docs.cloud-init.io/en/latest/reference/modules.html). */
export interface CloudConfig {
  readonly bootcmd: readonly Command[];
  readonly runcmd: readonly Command[];
  readonly files: readonly WrittenFile[];
  readonly users: readonly User[];
  readonly groups: readonly string[];
  /** What is not carried out, and what is wrong, each in a sentence. */
  readonly problems: readonly string[];
}

const KNOWN = ['bootcmd', 'runcmd', 'write_files', 'users', 'groups'];
/** Keys that change nothing which can be seen from outside. */
const HARMLESS = [
  'final_message',
  'ssh_pwauth',
  'disable_root',
  'preserve_hostname',
  'manage_etc_hosts',
  'output',
  'merge_how',
];
/** Permissions of a file that says none (https://docs.cloud-init.io/en/latest/reference/modules.html#write-files). */
const USUAL = 0o644;

/**
 * Reads a `#cloud-config` as cloud-init does: YAML 1.1.
 *
 * @throws Error for text that is no such YAML
 */
export function readCloudConfig(text: string): CloudConfig {
  const read: unknown = parse(text, { version: '1.1', logLevel: 'error' });
  if (read !== null && (typeof read !== 'object' || Array.isArray(read)))
    throw new Error('The cloud-config is no mapping of keys to values.');
  const config = (read ?? {}) as Readonly<Record<string, unknown>>;
  const problems = Object.keys(config)
    .filter((key) => !KNOWN.includes(key) && !HARMLESS.includes(key))
    .map((key) => `The local cloud does not carry out "${key}" of a cloud-config.`);
  return {
    bootcmd: commands(config.bootcmd, 'bootcmd', problems),
    runcmd: commands(config.runcmd, 'runcmd', problems),
    files: list(config.write_files).flatMap((one, index) => fileOf(one, index, problems)),
    users: list(config.users).flatMap((one, index) => userOf(one, index, problems)),
    groups: list(config.groups).flatMap((one) =>
      typeof one === 'string' ? one.split(',').map((name) => name.trim()) : Object.keys(one as object),
    ),
    problems,
  };
}

function commands(given: unknown, key: string, problems: string[]): readonly Command[] {
  return list(given).flatMap((one, index): Command[] => {
    if (typeof one === 'string') return [one];
    if (Array.isArray(one)) return [one.map(String)];
    problems.push(`${key}.${index} is neither a text nor a list of texts, and is not run.`);
    return [];
  });
}

function fileOf(given: unknown, index: number, problems: string[]): WrittenFile[] {
  const {
    path,
    content = '',
    permissions,
    owner = 'root:root',
    encoding = '',
    append = false,
  } = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof path !== 'string' || path === '') {
    problems.push(`write_files.${index} has no path, and is not written.`);
    return [];
  }
  const mode = permissions === undefined ? USUAL : modeOf(permissions);
  if (mode === undefined)
    problems.push(
      `write_files.${index}: undecodable permissions ${JSON.stringify(permissions)}, returning default ${USUAL.toString(8)}.`,
    );
  return [
    {
      path,
      content: decoded(String(content), String(encoding), index, problems),
      mode: mode ?? USUAL,
      owner: String(owner),
      append: append === true,
    },
  ];
}

/** A number is as YAML has read it, a text octal. */
function modeOf(permissions: unknown): number | undefined {
  if (typeof permissions === 'number') return permissions;
  const text = String(permissions).replace(/^0o/, '');
  return /^[0-7]{1,5}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function decoded(content: string, encoding: string, index: number, problems: string[]): Buffer {
  const kind = encoding.toLowerCase();
  if (kind === '' || kind === 'text/plain') return Buffer.from(content);
  if (kind === 'b64' || kind === 'base64') return Buffer.from(content, 'base64');
  problems.push(`write_files.${index}: the local cloud does not know the encoding "${encoding}".`);
  return Buffer.from(content);
}

function userOf(given: unknown, index: number, problems: string[]): User[] {
  if (given === 'default') return [];
  const named =
    typeof given === 'string' ? { name: given } : ((given ?? {}) as Readonly<Record<string, unknown>>);
  const {
    name,
    uid,
    groups,
    primary_group: primaryGroup,
    homedir,
    shell,
    system,
  } = named as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || name === '') {
    problems.push(`users.${index} has no name, and is not made.`);
    return [];
  }
  const names = typeof groups === 'string' ? groups.split(',') : list(groups).map(String);
  return [
    {
      name,
      uid: uid === undefined ? undefined : Number(uid),
      groups: names.map((one) => one.trim()).filter(Boolean),
      primaryGroup: primaryGroup === undefined ? undefined : String(primaryGroup),
      home: homedir === undefined ? undefined : String(homedir),
      shell: shell === undefined ? undefined : String(shell),
      isSystem: system === true,
    },
  ];
}

function list(given: unknown): readonly unknown[] {
  return given === undefined || given === null ? [] : Array.isArray(given) ? given : [given];
}
