import type { JwtMapping } from '../options.ts';

/** Why a text is no mapping, in words for a person. */
export interface JwtMappingFailure {
  readonly problem: string;
}

const FORM =
  'write SCHEME=ISSUER[,JWKS_URI[,AUDIENCE…]], or SCHEME=firebase:PROJECT, google:CLIENT_ID, auth0:DOMAIN,AUDIENCE';

/**
 * Reads who issues the tokens of a scheme: `SCHEME=ISSUER[,JWKS_URI[,AUDIENCE…]]`, or a preset in place of the
 * issuer, with audiences after it: `firebase:PROJECT`, `google:CLIENT_ID`, `auth0:DOMAIN`.
 */
export function readJwtMapping(text: string): JwtMapping | JwtMappingFailure {
  const [, scheme, rest] = /^([^=\s]+)\s*=\s*(\S.*)$/.exec(text.trim()) ?? [];
  const [issuer = '', ...others] = (rest ?? '').split(',').map((part) => part.trim());
  if (scheme === undefined || issuer === '') return { problem: FORM };
  const [, name, subject] =
    /^([a-z0-9]+):(?!\/\/)(.*)$/.exec(issuer) ?? (Object.hasOwn(PRESETS, issuer) ? ['', issuer, ''] : []);
  if (name !== undefined) {
    const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
    if (preset === undefined)
      return { problem: `there is no preset ${name}, only ${Object.keys(PRESETS).join(', ')}` };
    const provider = preset(subject?.trim() ?? '', others.filter(Boolean));
    return typeof provider === 'string' ? { problem: provider } : { scheme, ...provider };
  }
  if (!ISSUER.test(issuer))
    return { problem: `the issuer ${issuer} is neither a URL nor an e-mail address; ${FORM}` };
  const [jwksUri = '', ...audiences] = others;
  if (jwksUri !== '' && !URL.canParse(jwksUri))
    return { problem: `write the JWKS address of ${issuer} as a URL` };
  if (jwksUri !== '' && !isSafe(jwksUri))
    return {
      problem: `the keys of ${issuer} would not come over https, so anyone in between could replace them; ${SAFE}`,
    };
  if (jwksUri === '' && issuer.startsWith('http:') && !isSafe(issuer))
    return {
      problem: `the keys of ${issuer} would be fetched over http, so anyone in between could replace them; ${SAFE}`,
    };
  const named = audiences.filter(Boolean);
  return {
    scheme,
    issuer,
    ...(jwksUri === '' ? {} : { jwksUri }),
    ...(named.length === 0 ? {} : { audiences: named }),
  };
}

const SAFE = 'write a JWKS address with https';

/** Whether nobody between here and there can change what is fetched. */
function isSafe(url: string): boolean {
  return /^https:\/\//i.test(url) || /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/?#]|$)/i.test(url);
}

/** What `iss` may be: a URL, or the email address of a service account that signs for itself. */
const ISSUER = /^(https?:\/\/[^\s/]+\S*|[^@\s:/]+@[^@\s:/]+)$/;

type Provider = Omit<JwtMapping, 'scheme'>;

/** Each gives a provider from what stands after the colon and the audiences after it, or says what is missing. */
const PRESETS: Readonly<
  Record<string, (subject: string, audiences: readonly string[]) => Provider | string>
> = {
  // https://firebase.google.com/docs/auth/admin/verify-id-tokens#verify_id_tokens_using_a_third-party_jwt_library
  firebase: (project, audiences) =>
    /^[a-z][a-z0-9-]*$/.test(project) && audiences.length === 0
      ? {
          issuer: `https://securetoken.google.com/${project}`,
          jwksUri:
            'https://www.googleapis.com/service_accounts/v1/metadata/x509/securetoken@system.gserviceaccount.com',
          audiences: [project],
        }
      : 'write firebase:PROJECT, PROJECT being the id of the Firebase project',
  // https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken
  google: (client, audiences) =>
    client === ''
      ? 'write google:CLIENT_ID, whose tokens are accepted; anyone with a Google account holds tokens for other clients'
      : {
          issuer: 'https://accounts.google.com',
          jwksUri: 'https://www.googleapis.com/oauth2/v3/certs',
          audiences: [client, ...audiences],
        },
  // https://auth0.com/docs/secure/tokens/json-web-tokens/validate-json-web-tokens: `iss` ends with a slash.
  auth0: (domain, audiences) =>
    /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(domain) && audiences.length > 0
      ? {
          issuer: `https://${domain}/`,
          jwksUri: `https://${domain}/.well-known/jwks.json`,
          audiences: [...audiences],
        }
      : 'write auth0:DOMAIN,AUDIENCE, e.g. auth0:example.eu.auth0.com,https://api.example.com',
};
