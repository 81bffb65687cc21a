import { ActionError } from '@gangway/action/error';
import { type Macaroon, PERMISSION_LOCATION, readMacaroon } from './macaroon.ts';

/** What can be told about a token without asking Fly. */
export interface TokenFacts {
  /** `deploy` is confined to apps, `organization` is not; `personal` is a person's; `unknown` tells nothing. */
  readonly kind: 'deploy' | 'organization' | 'personal' | 'unknown';
  /** Ids of the apps of a deploy token. */
  readonly apps: readonly number[];
  /** Ids of the organizations that it is confined to. */
  readonly organizations: readonly number[];
  /** Milliseconds since the epoch. */
  readonly expires: number | undefined;
  readonly readOnly: boolean;
}

/** An app as tokens know it. */
export interface TokenSubject {
  readonly name: string;
  readonly id: number | undefined;
  readonly organization: { readonly slug: string; readonly id: number | undefined };
}

const YEAR = 365 * 24 * 3600 * 1000;
/** A token for a workflow that lives longer than this deserves a warning: the default of `fly tokens` is 20 years. */
const LONG = 2 * YEAR;

/** Reads what a token says of itself: several macaroons separated by commas, in front of them maybe a scheme. */
export function tokenFacts(token: string): TokenFacts {
  const parts = tokenParts(token);
  const macaroons = parts.flatMap((part) => readMacaroon(part) ?? []);
  const permissions = macaroons.filter(({ location }) => location === PERMISSION_LOCATION);
  if (permissions.length === 0) {
    const personal = parts.some((part) => part.startsWith('fo1_'));
    return {
      kind: personal ? 'personal' : 'unknown',
      apps: [],
      organizations: [],
      expires: undefined,
      readOnly: false,
    };
  }
  // Several permit what any of them permits.
  const confined = permissions.every(({ apps }) => apps !== undefined);
  return {
    kind: confined ? 'deploy' : 'organization',
    apps: permissions.flatMap(({ apps }) => apps ?? []),
    organizations: permissions.flatMap(({ organizations }) => organizations),
    expires: latest(permissions),
    readOnly: permissions.every(({ readOnly }) => readOnly),
  };
}

/** The token's parts: what has to be masked each by itself. */
export function tokenParts(token: string): string[] {
  return token
    .replace(/^(FlyV1|Bearer)\s+/i, '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * Refuses a token that can't do it, before anything is sent.
 *
 * @param creates whether an app may have to be created
 * @returns a warning about a token that is good, but better were another
 * @throws ActionError `token-expired`, `token-not-yet`, `token-read-only`, `token-app-only`
 */
export function checkToken(token: string, now: number, creates: boolean): string | undefined {
  const facts = tokenFacts(token);
  const { expires, kind } = facts;
  if (expires !== undefined && expires <= now) {
    throw new ActionError(`The Fly token expired at ${day(expires)}.`, {
      code: 'token-expired',
      hint: 'make a new one with "fly tokens create deploy --app APP --expiry 8760h" and store it in the secret',
    });
  }
  if (facts.readOnly) {
    throw new ActionError('The Fly token may only read.', {
      code: 'token-read-only',
      hint: 'make one that may deploy with "fly tokens create deploy --app APP"',
    });
  }
  if (creates && kind === 'deploy') {
    throw new ActionError(
      'The Fly token is a deploy token of one app, which can neither create nor destroy the apps of pull requests.',
      {
        code: 'token-app-only',
        hint: 'make one for the organization with "fly tokens create org --org ORG --expiry 8760h"; give it to this workflow only',
      },
    );
  }
  if (expires !== undefined && expires - now > LONG) {
    const years = Math.round((expires - now) / YEAR);
    return `The Fly token is good for ${years} more years: whoever finds it has them too. Make one that ends with "fly tokens create ${kind === 'organization' ? 'org --org ORG' : 'deploy --app APP'} --expiry 8760h", and revoke this one with "fly tokens revoke".`;
  }
  return undefined;
}

/**
 * Why a token that Fly did not let at an app may have been refused, told by the token alone.
 *
 * @param app what is known of the app; undefined when Fly told nothing
 */
export function explainRefusal(token: string, name: string, app?: TokenSubject): ActionError {
  const { kind, apps, organizations } = tokenFacts(token);
  const otherOrganization =
    app?.organization.id !== undefined &&
    organizations.length > 0 &&
    !organizations.includes(app.organization.id);
  if (otherOrganization) {
    return new ActionError(
      `The Fly token is of another organization (${organizations.join(', ')}): the app ${name} belongs to ${app.organization.slug} (${app.organization.id}).`,
      { code: 'token-other-organization', hint: `make one with "fly tokens create deploy --app ${name}"` },
    );
  }
  if (app?.id !== undefined && kind === 'deploy' && !apps.includes(app.id)) {
    return new ActionError(
      `The Fly token is a deploy token of another app (${apps.join(', ')}) than ${name} (${app.id}).`,
      {
        code: 'token-other-app',
        hint: `make one with "fly tokens create deploy --app ${name}"`,
      },
    );
  }
  const of =
    kind === 'deploy'
      ? `It is a deploy token of the app with the id ${apps.join(', ')} in the organization ${organizations.join(', ')}`
      : kind === 'organization'
        ? `It is a token of the organization with the id ${organizations.join(', ')}`
        : kind === 'personal'
          ? "It is a person's token, which sees the apps of their organizations"
          : "It doesn't say what it is for";
  return new ActionError(
    `Fly refuses the token access to the app ${name}: it is of another organization or app, was revoked, or the app is not there. ${of}.`,
    {
      code: 'token-refused',
      hint: `check the name of the app; make a token for it with "fly tokens create deploy --app ${name}"`,
    },
  );
}

/** A discharge is renewed; only what permits counts. Several permissions last as long as the longest. */
function latest(permissions: readonly Macaroon[]): number | undefined {
  const ends = permissions.map(({ notAfter }) => notAfter);
  if (ends.some((end) => end === undefined)) return undefined;
  return Math.max(...ends.map((end) => (end ?? 0) * 1000));
}

function day(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
