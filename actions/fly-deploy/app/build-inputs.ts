import { input, invalid } from '@gangway/action';

/** How an image is built where none is named. */
export interface BuildInputs {
  /** On Fly's builder, and not with the Docker of the runner. */
  readonly remote: boolean;
  /** Further flags of `flyctl deploy --build-only`. */
  readonly flags: readonly string[];
}

/** Inputs that say how to build, which an image makes void. */
const NAMES = ['dockerfile', 'build_args', 'build_target', 'ignorefile'];

/**
 * Reads how to build; what fly.toml says under [build] holds beside it.
 * @throws ActionError `input-invalid` where an image is named, too
 */
export function readBuildInputs(image: string): BuildInputs {
  const remote = input.boolean('remote_only');
  const noCache = input.boolean('no_cache');
  const given = NAMES.filter((name) => input.optional(name));
  const [first] = given;
  if (image && first)
    throw invalid(
      first,
      input.optional(first) ?? '',
      'leave it out, or leave image out: an image is not built',
    );
  const [dockerfile, target, ignorefile] = ['dockerfile', 'build_target', 'ignorefile'].map((name) =>
    input.optional(name),
  );
  return {
    remote,
    flags: [
      ...(dockerfile ? ['--dockerfile', dockerfile] : []),
      ...(target ? ['--build-target', target] : []),
      ...(ignorefile ? ['--ignorefile', ignorefile] : []),
      ...Object.entries(input.pairs('build_args')).flatMap(([name, value]) => [
        '--build-arg',
        `${name}=${value}`,
      ]),
      ...(noCache ? ['--no-cache'] : []),
    ],
  };
}
