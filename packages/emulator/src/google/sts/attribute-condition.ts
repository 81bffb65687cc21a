import { isCelError } from '@bufbuild/cel';
import { evaluate } from '../cel/evaluate.ts';

/** Why a credential is not accepted, in the words of the Security Token Service. */
export class Rejected extends Error {
  readonly code: 'invalid_grant' | 'unauthorized_client';

  constructor(code: Rejected['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const SUBJECT_LIMIT = 127;

/** `google.subject`, `google.groups` and `attribute.NAME` of a credential. */
export interface Attributes {
  readonly subject: string;
  readonly groups: readonly string[];
  readonly custom: Readonly<Record<string, string>>;
}

/**
 * Evaluates a provider's attribute mapping over the claims of an ID token.
 *
 * @param mapping from `google.subject` or `attribute.NAME` to a CEL expression over `assertion`
 * @throws Rejected when the subject cannot be had or is longer than 127 bytes
 * @see https://cloud.google.com/iam/docs/workload-identity-federation#mapping
 */
export function mapAttributes(
  mapping: Readonly<Record<string, string>>,
  assertion: Record<string, unknown>,
): Attributes {
  const custom: Record<string, string> = {};
  let subject: string | undefined;
  let groups: readonly string[] = [];
  for (const [target, expression] of Object.entries(mapping)) {
    const value = evaluate(expression, { assertion });
    if (target === 'google.groups' && !isCelError(value)) {
      groups = textsOf(value);
      continue;
    }
    if (typeof value !== 'string') {
      // An attribute whose claim is absent is left out; only the subject must exist.
      if (!isCelError(value))
        throw new Rejected('invalid_grant', `The mapped attribute '${target}' must be of type STRING.`);
      continue;
    }
    if (target === 'google.subject') subject = value;
    else if (target.startsWith('attribute.')) custom[target.slice('attribute.'.length)] = value;
  }
  if (!subject)
    throw new Rejected(
      'invalid_grant',
      'Could not obtain a value for google.subject from the given credential.',
    );
  if (Buffer.byteLength(subject) > SUBJECT_LIMIT) {
    throw new Rejected(
      'invalid_grant',
      `The size of mapped attribute google.subject exceeds the ${SUBJECT_LIMIT} bytes limit. Either modify your attribute mapping or the incoming assertion to produce a mapped attribute that is less than ${SUBJECT_LIMIT} bytes.`,
    );
  }
  return { subject, groups, custom };
}

/**
 * Holds a credential against a provider's attribute condition: CEL over `assertion`, `google` and `attribute`.
 *
 * @throws Rejected unless the condition is true; one that cannot be evaluated is not true
 */
export function requireCondition(
  condition: string,
  assertion: Record<string, unknown>,
  attributes: Attributes,
): void {
  const bindings = {
    assertion,
    google: { subject: attributes.subject, groups: attributes.groups },
    attribute: attributes.custom,
  };
  if (evaluate(condition, bindings) !== true) {
    throw new Rejected('unauthorized_client', 'The given credential is rejected by the attribute condition.');
  }
}

/** `google.groups` is a text or a list of texts. */
function textsOf(value: unknown): string[] {
  const texts = typeof value === 'string' ? [value] : isIterable(value) ? [...value] : [undefined];
  if (texts.every((text) => typeof text === 'string')) return texts;
  throw new Rejected('invalid_grant', "The mapped attribute 'google.groups' must be of type LIST of STRING.");
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
