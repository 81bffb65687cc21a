import { ApiError } from '../../../kernel/errors.ts';
import { problemIn } from '../../cel/check.ts';
import type { Provider } from './workload-identity-pools.ts';

/** A provider as the API takes it. */
export interface ProviderBody {
  readonly displayName?: string;
  readonly description?: string;
  readonly disabled?: boolean;
  readonly attributeMapping?: Readonly<Record<string, string>>;
  readonly attributeCondition?: string;
  readonly oidc?: { readonly issuerUri?: string; readonly allowedAudiences?: readonly string[] };
}

/** Issuers that sign for everybody's repositories: without a condition, anybody's would be let in. */
const SHARED_ISSUERS = /^https:\/\/(token\.actions\.githubusercontent\.com|gitlab\.com|app\.terraform\.io)\b/;
/** Limits of https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers#WorkloadIdentityPoolProvider. */
const LONGEST = { expression: 2048, condition: 4096 };
const MOST_ATTRIBUTES = 50;
const MAPPED =
  /^(google\.(subject|groups|display_name|profile_photo|posix_username)|attribute\.[a-z0-9_]{1,100})$/;

/** @param name full name, with the project's number */
export function providerFrom(name: string, body: ProviderBody): Provider {
  const { displayName, description, disabled, attributeMapping = {}, attributeCondition, oidc } = body;
  return {
    name,
    issuer: oidc?.issuerUri ?? '',
    allowedAudiences: oidc?.allowedAudiences ?? [],
    attributeMapping,
    ...(attributeCondition && { attributeCondition }),
    ...(displayName && { displayName }),
    ...(description && { description }),
    ...(disabled !== undefined && { disabled }),
  };
}

/**
 * Refuses what the real API refuses.
 *
 * @throws ApiError INVALID_ARGUMENT
 * @see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines#conditions
 */
export function checkProvider({ issuer, attributeMapping, attributeCondition = '' }: Provider): void {
  if (!/^https:\/\/[^?#]+$/.test(issuer))
    throw new ApiError('INVALID_ARGUMENT', `The issuer URI must be an https URL, and is "${issuer}".`);
  if (!attributeMapping['google.subject'])
    throw new ApiError('INVALID_ARGUMENT', 'The attribute mapping must map google.subject.');
  const unknown = Object.keys(attributeMapping).find((key) => !MAPPED.test(key));
  if (unknown) throw new ApiError('INVALID_ARGUMENT', `Invalid attribute mapping key "${unknown}".`);
  if (Object.keys(attributeMapping).filter((key) => key.startsWith('attribute.')).length > MOST_ATTRIBUTES)
    throw new ApiError('INVALID_ARGUMENT', `The mapping has more than ${MOST_ATTRIBUTES} custom attributes.`);
  const long = Object.values(attributeMapping).some(({ length }) => length > LONGEST.expression);
  if (long || attributeCondition.length > LONGEST.condition)
    throw new ApiError(
      'INVALID_ARGUMENT',
      `A mapping may have ${LONGEST.expression} characters, a condition ${LONGEST.condition}.`,
    );
  for (const [target, expression] of Object.entries(attributeMapping))
    checkExpression(expression, ['assertion'], `attribute mapping ${target}`);
  if (attributeCondition)
    checkExpression(attributeCondition, ['assertion', 'attribute', 'google'], 'attribute condition');
  if (SHARED_ISSUERS.test(issuer) && !/\b(assertion|attribute)\s*[.[]/.test(attributeCondition))
    throw new ApiError(
      'INVALID_ARGUMENT',
      "The attribute condition must reference one of the provider's claims. For more information, see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines#conditions",
    );
}

function checkExpression(expression: string, names: readonly string[], what: string): void {
  const problem = problemIn(expression, names);
  if (problem)
    throw new ApiError(
      'INVALID_ARGUMENT',
      `Invalid CEL expression in the ${what}: ${expression} (${problem})`,
    );
}
