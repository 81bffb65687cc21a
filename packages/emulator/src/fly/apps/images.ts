import { type Action, type Bearer, type ImageHome, RegistryError, type Target } from '../../oci/index.ts';
import { allows, type Token } from '../sign-in/token.ts';
import type { FlyState } from '../state.ts';

/** The user name that flyctl and `docker login registry.fly.io` give with a token. */
const USER = 'x';

/** The images of registry.fly.io, as the OCI registry sees them: names of one component, an app's. */
export function flyImages(fly: FlyState): ImageHome {
  return {
    signIn(user, password) {
      if (user !== USER) return undefined;
      const bearer = () => {
        const token = fly.tokens.ofHeader(password);
        return token && { principal: undefined, proof: token };
      };
      return bearer() && { bearer };
    },
    find: (name) => (name.includes('/') ? undefined : target(fly, name)),
  };
}

function target(fly: FlyState, name: string): Target {
  return {
    name,
    resource: `apps/${name}`,
    repositoryId: name,
    image: name,
    images: fly.findApp(name)?.images,
    immutableTags: false,
    keepsReferenced: false,
    demand: (bearer, action) => demand(fly, bearer, action, name),
  };
}

/** Every app of an organization may read every other's images; only who may change the app may push. */
function demand(fly: FlyState, { proof }: Bearer, action: Action, name: string): void {
  // Only `signIn` above gives a proof of this kind.
  const token = proof as Token | undefined;
  if (!token) throw new RegistryError('UNAUTHORIZED', 'authentication required');
  const app = fly.findApp(name);
  if (!app) throw new RegistryError('NAME_UNKNOWN', `app repository not found: ${name}`);
  const ofOrganization = !token.organization || token.organization === app.organization;
  const granted = action === 'pull' ? ofOrganization : allows(token, app, 'write');
  if (!granted) throw new RegistryError('DENIED', 'requested access to the resource is denied');
}
