import { ActionError, cancellation, invalid, log, mask } from '@gangway/action';
import {
  checkToken,
  createApp,
  currentTokens,
  explainRefusal,
  type Fly,
  findApp,
  flyClient,
  isFlyError,
  mintDeployToken,
  type TokenSubject,
  tokenFacts,
  tokenParts,
} from '@gangway/fly';
import type { Inputs } from '../inputs.ts';

/** The longest that a step's own token lives: enough for a migration and a slow rollout. */
const LIFETIME = '3h0m0s';

/** Characters of an app's name at most: it is a label of a host's name. */
const LONGEST = 63;

/**
 * The name of the app that this run is about: that of a pull request has its number.
 * @throws ActionError where that makes it too long
 */
export function appName({ app, review }: Pick<Inputs, 'app' | 'review'>): string {
  if (!review) return app;
  const name = `${app}-pr-${review.number}`;
  if (name.length <= LONGEST) return name;
  throw invalid(
    'app',
    app,
    `the app of this pull request would be ${name}, of ${name.length} characters, and ${LONGEST} is the most; choose a shorter one`,
  );
}

/** Looks at the token, without network; and gives authorised calls by it. */
export function openFly({ token, review }: Pick<Inputs, 'token' | 'review'>): Fly {
  const warning = checkToken(token, Date.now(), review !== undefined);
  if (warning) log.warning(warning);
  return flyClient(token, cancellation);
}

/**
 * Makes sure that the app is there and that the token is for it. The app of a pull request is created.
 * @throws ActionError that says what is wrong with the token, or with the name
 */
export async function ensureApp(
  fly: Fly,
  { token, org, review }: Inputs,
  name: string,
): Promise<TokenSubject> {
  const app = await refusing(token, name, () => findApp(fly, name));
  if (app) {
    const { organizations, apps } = tokenFacts(token);
    const { id } = app.organization;
    const foreign = id !== undefined && organizations.length > 0 && !organizations.includes(id);
    const other = app.id !== undefined && apps.length > 0 && !apps.includes(app.id);
    if (foreign || other) throw explainRefusal(token, name, app);
    if (org && app.organization.slug && org !== app.organization.slug) {
      throw new ActionError(
        `Input "org" names the organization ${org}, but the app ${name} belongs to ${app.organization.slug}.`,
        { code: 'organization-other', hint: 'check the name of the app, or leave org out' },
      );
    }
    return app;
  }
  if (!review || !org) throw await missing(fly, token, name);
  await refusing(token, name, async () => {
    await createApp(fly, name, org);
    log.info(`Created the app ${name} in the organization ${org}.`);
  });
  const created = await findApp(fly, name);
  if (!created) throw await missing(fly, token, name);
  return created;
}

/**
 * A deploy token for this app and this step, where the given one may mint it: what flyctl and the programs it starts
 * are given can do no more, and not for long.
 */
export async function stepToken(fly: Fly, token: string, app: string): Promise<string> {
  if (tokenFacts(token).kind === 'deploy') return token;
  const minted = await mintDeployToken(fly, app, LIFETIME);
  if (!minted) {
    log.info("The token can't create a deploy token for this step, so flyctl gets the token itself.");
    return token;
  }
  mask(minted);
  for (const part of tokenParts(minted)) mask(part);
  log.info(
    `flyctl gets a deploy token of ${app} only, good for 3 hours. A deploy token in the secret is enough.`,
  );
  return minted;
}

async function refusing<T>(token: string, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isFlyError(error, 401, 403)) throw explainRefusal(token, name);
    if (isFlyError(error, 422, 409) && /taken|exists|already/i.test(error.detail)) {
      throw new ActionError(`The name ${name} is taken by an app that the token does not see.`, {
        code: 'app-taken',
        hint: 'names are unique across Fly.io: choose another for app',
      });
    }
    throw error;
  }
}

/** Fly says of an app of another organization that there is none. */
async function missing(fly: Fly, token: string, name: string): Promise<ActionError> {
  const known = await currentTokens(fly);
  const slugs = [...new Set(known.flatMap(({ org_slug: slug, organization }) => slug ?? organization ?? []))];
  const explained = explainRefusal(token, name);
  const of = slugs.length > 0 ? ` Fly says that the token is of the organization ${slugs.join(', ')}.` : '';
  return new ActionError(`${explained.message}${of}`, {
    code: 'app-missing',
    hint: `check the name; "fly apps create ${name}" makes the app; a token for it comes from "fly tokens create deploy --app ${name}"`,
  });
}
