import { ActionError, input } from '@gangway/action';

const HERE = 'leave it out: the action sets it itself';
const LONG = 'write the flag in its long form, such as --signal';
const UNTRUE = 'leave it out: the action has to know what flyctl deploys, and how it ends';

/** Flags of "flyctl deploy" that have an input, or would make the action tell what is not so. */
const REFUSED: Readonly<Record<string, string>> = {
  ...of(
    HERE,
    'yes',
    'y',
    'auto-confirm',
    'deploy-retries',
    'dns-checks',
    'remote-only',
    'local-only',
    'push',
    'now',
  ),
  ...of(HERE, 'access-token', 't', 'json', 'j'),
  ...of(UNTRUE, 'detach', 'build-only', 'from-manifest', 'export-manifest'),
  ...written('app', 'app', 'a'),
  ...written('config', 'config', 'c'),
  ...written('image', 'image', 'i'),
  ...written('strategy', 'strategy'),
  ...written('wait_timeout', 'wait-timeout'),
  ...written('dockerfile', 'dockerfile'),
  ...written('ignorefile', 'ignorefile'),
  ...written('build_target', 'build-target'),
  ...written('build_args', 'build-arg'),
  ...written('no_cache', 'no-cache'),
  ...of('leave it out: build the image with build-and-push, which takes them as files', 'build-secret'),
  ...of(
    'leave it out: flyctl would fetch an install script of Nixpacks and run it, unchecked; write a Dockerfile, or a builder of buildpacks under [build] in fly.toml',
    'nixpacks',
  ),
  ...written('ha', 'ha'),
  ...written('env', 'env', 'e'),
  ...written('region', 'primary-region'),
  ...written('regions', 'regions', 'only-regions'),
  ...written('process_groups', 'process-groups'),
  ...written('update_only', 'update-only'),
  ...written('vm_size', 'vm-size'),
  ...written('vm_memory', 'vm-memory', 'memory'),
  ...written('vm_cpus', 'vm-cpus', 'cpus'),
  ...written('vm_cpu_kind', 'vm-cpu-kind', 'vm-cpukind'),
};

/** Flags that take no word after them, as `flyctl deploy --help` says: one that stands there would be a directory to deploy. */
const ALONE =
  /^(buildkit|debug|depot|flycast|https?-failover|no-public-ips|recreate-builder|skip-release-command|smoke-checks|verbose|wg)$/;

/**
 * Reads `flyctl_args`: words as a shell splits them, with quotes, but nothing that a shell would run or fill in.
 *
 * @throws ActionError `input-invalid` that names the word, not the whole, which may hold more than flags
 */
export function readExtraArguments(): readonly string[] {
  const words = split(input.optional('flyctl_args') ?? '');
  for (const [index, word] of words.entries()) {
    if (!word.startsWith('-')) {
      const [, flag] = /^--([^=]+)$/.exec(words[index - 1] ?? '') ?? [];
      if (flag && !ALONE.test(flag)) continue;
      throw wrong(word, 'write flags of "flyctl deploy" only, each beginning with -');
    }
    const name = word.replace(/^-+/, '').replace(/=.*/s, '');
    // A short flag may have its value, or further flags, in the same word.
    const cure = word.startsWith('--') ? REFUSED[name] : (REFUSED[name.charAt(0)] ?? LONG);
    if (cure) throw wrong(word.replace(/=.*/s, ''), cure);
  }
  return words;
}

/** The values of a flag, however it is written: `--name a,b`, `--name=a`. */
export function valuesOf(args: readonly string[], name: string): string[] {
  return args.flatMap((word, index) => {
    const value =
      word === `--${name}`
        ? args[index + 1]
        : /^--([^=]+)=(.*)$/s.exec(word)?.[1] === name
          ? word.slice(name.length + 3)
          : undefined;
    return (
      value
        ?.split(',')
        .map((item) => item.trim())
        .filter(Boolean) ?? []
    );
  });
}

function split(text: string): string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  if (words.join('').length !== text.replace(/\s+(?=(?:[^"']|"[^"]*"|'[^']*')*$)/g, '').length)
    throw wrong('a quote', 'close it');
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}

function wrong(word: string, cure: string): ActionError {
  return new ActionError(`Input "flyctl_args" is not valid: ${word}.`, { code: 'input-invalid', hint: cure });
}

function of(cure: string, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, cure]));
}

function written(name: string, ...flags: string[]): Record<string, string> {
  return of(`write it under ${name}`, ...flags);
}
