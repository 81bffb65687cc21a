import { ActionError, input, invalid, refuseUnknown } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs, type Wanted } from '@gangway/auth';
import { DECLARED } from './declared-inputs.ts';
import { REFUSED } from './refused-inputs.ts';

/** What is asked for: an ID token for an audience, or an access token for scopes. */
export type Request =
  | { readonly type: 'id_token'; readonly audience: string }
  | ({ readonly type: 'access_token' } & Wanted);

export interface Inputs {
  readonly google: GoogleInputs;
  readonly request: Request;
}

const LONGEST = 12 * 3600;
const PREFIX = 'https://www.googleapis.com/auth/';

export function readInputs(): Inputs {
  refuseUnknown(DECLARED, REFUSED);
  return { google: readGoogleInputs(input), request: readRequest() };
}

function readRequest(): Request {
  const scopes = input.list('scopes').map(readScope);
  const lifetime = readLifetime();
  if (scopes.length === 0) {
    // No default: an audience that came out empty must not end in a token for all of Google Cloud.
    const audience = input.required(
      'audience',
      'set it to who accepts the ID token, e.g. the URL of a Cloud Run service; or set scopes, for an access token',
    );
    if (lifetime) throw conflict('lifetime', 'audience', 'an ID token lives an hour; leave lifetime out');
    return { type: 'id_token', audience };
  }
  if (input.optional('audience')) {
    throw conflict('audience', 'scopes', 'keep audience for an ID token, or scopes for an access token');
  }
  return { type: 'access_token', scopes: [...new Set(scopes)], lifetime };
}

function readScope(text: string): string {
  if (/^https:\/\/\S+$/.test(text) || /^(openid|email|profile)$/.test(text)) return text;
  if (/^[a-z0-9_.-]+$/.test(text)) return `${PREFIX}${text}`;
  throw invalid(
    'scopes',
    text,
    `write OAuth scopes in full, or what follows ${PREFIX}, e.g. devstorage.read_only`,
  );
}

/** In seconds. */
function readLifetime(): number | undefined {
  const text = input.optional('lifetime');
  if (!text) return undefined;
  const seconds = Math.round(input.duration('lifetime') / 1000);
  if (seconds >= 1 && seconds <= LONGEST) return seconds;
  throw invalid('lifetime', text, 'write 12h at most; above 1h needs a policy of the organization');
}

function conflict(one: string, other: string, hint: string): ActionError {
  return new ActionError(`Inputs "${one}" and "${other}" exclude each other, and both are set.`, {
    code: 'input-conflict',
    hint,
  });
}
