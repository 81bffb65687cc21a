import { invalid } from '@gangway/action';

/** A version of a secret of Secret Manager. */
export interface SecretReference {
  /** Its id, or its full name `projects/PROJECT/secrets/SECRET`. */
  readonly secret: string;
  /** A number, an alias or `latest`. */
  readonly version: string;
}

const SECRET =
  /^(?<secret>(?:projects\/[^/]+\/secrets\/)?[\w-]{1,255})(?::|\/versions\/)(?<version>latest|\d+|[a-z][\w-]*)$/i;

/**
 * What the input `secrets` says: variables by their names, files by their paths.
 *
 * @param pairs as the input has them
 * @throws ActionError that names the input, and never quotes what could be a secret
 */
export function readSecretReferences(
  pairs: Readonly<Record<string, string>>,
): Readonly<Record<string, SecretReference>> {
  const secrets: Record<string, SecretReference> = {};
  for (const [name, value] of Object.entries(pairs)) {
    const groups = SECRET.exec(value)?.groups;
    if (!groups)
      throw invalid(
        'secrets',
        `${name}=…`,
        'write NAME=SECRET:VERSION, the name of a Secret Manager secret, not its value',
      );
    if (name.startsWith('/') && !/^\/[^/:]+(\/[^/:]+)+$/.test(name))
      throw invalid('secrets', name, 'write the path of a file in a folder, such as /secrets/api-key');
    secrets[name] = { secret: groups.secret ?? '', version: groups.version ?? '' };
  }
  return secrets;
}
