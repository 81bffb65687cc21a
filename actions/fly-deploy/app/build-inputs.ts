import { input, invalid } from '@gangway/action';

/** How an image is built where none is named. */
export interface BuildInputs {
  /** On Fly's builder, and not with the Docker of the runner. */
  readonly remote: boolean;
  /** The first input that says how, and its value. */
  readonly given: readonly [string, string] | undefined;
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
  readonly ignorefile: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  /** Whether an image that was built from the same sources before is taken. */
  readonly reuse: boolean;
  /** Whether every instruction is built again. */
  readonly fresh: boolean;
  /** Further flags of `flyctl deploy --build-only`. */
  readonly flags: readonly string[];
}

/**
 * Reads how to build; what fly.toml says under [build] holds beside it.
 * @throws ActionError `input-invalid` where an image is named, too
 */
export function readBuildInputs(image: string): BuildInputs {
  const remote = input.boolean('remote_only');
  const noCache = input.boolean('no_cache');
  const dockerfile = input.optional('dockerfile');
  const target = input.optional('build_target');
  const ignorefile = input.optional('ignorefile');
  const text = input.optional('build_args');
  const args = input.pairs('build_args');
  // What an image makes void.
  const given = Object.entries({ dockerfile, build_args: text, build_target: target, ignorefile });
  const [name, value] = given.find(([, each]) => each !== undefined) ?? [];
  if (image && name && value)
    throw invalid(name, value, 'leave it out, or leave image out: an image is not built');
  return {
    remote,
    given: name && value ? [name, value] : undefined,
    ...{ dockerfile, target, ignorefile, args },
    reuse: input.boolean('reuse') && !noCache,
    fresh: noCache,
    flags: [
      ...(dockerfile ? ['--dockerfile', dockerfile] : []),
      ...(target ? ['--build-target', target] : []),
      ...(ignorefile ? ['--ignorefile', ignorefile] : []),
      ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      ...(noCache ? ['--no-cache'] : []),
    ],
  };
}
