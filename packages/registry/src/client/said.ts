/** A registry's error, as far as it said one. */
export interface Said {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/**
 * The first error in what a registry answered; undefined for a proxy's page, whose status says enough.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
 */
export function saidIn(body: string): Said | undefined {
  try {
    const { errors } = Object(JSON.parse(body)) as { errors?: unknown };
    if (!Array.isArray(errors) || errors.length === 0) return undefined;
    const { code, message } = Object(errors[0]) as Record<string, unknown>;
    return { code: textOf(code), message: textOf(message) };
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
