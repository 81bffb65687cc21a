import { cancellation, command, mask } from '@gangway/action';
import { HUB } from '../client/hub.ts';
import { IDENTITY_TOKEN, type Login, type RegistryCredential } from '../client/sign-in.ts';
import { readUserConfig, type StoredLogin } from './user-config.ts';

/** Milliseconds that a credential helper may take. */
const PATIENCE = 10_000;
/** Characters of its answer. */
const LIMIT = 1024 * 1024;

/**
 * How the user's own Docker signs in at a registry: by the helper that its configuration names for it, or by what `docker login`
 * left. Passwords are masked, nothing is kept, and a helper that fails counts as no login, as it does for Docker.
 *
 * @param host e.g. `ghcr.io`; Docker Hub's is `registry-1.docker.io`
 * @returns asks each time that it is called
 * @see https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
export function dockerLogin(host: string): RegistryCredential {
  return async () => {
    const { credHelpers = {}, credsStore, auths = {} } = (await readUserConfig()).config;
    const names: readonly string[] = host === HUB.host ? HUB.names : [host];
    const stored = Object.keys(auths).find((key) => names.includes(hostIn(key)));
    const helper = names.map((name) => credHelpers[name]).find((program) => program) ?? credsStore;
    const login = helper
      ? await askHelper(helper, stored ?? (host === HUB.host ? HUB.server : host))
      : storedLogin(stored === undefined ? undefined : auths[stored]);
    if (login) mask(login.password);
    return login;
  };
}

/** Older versions of Docker kept logins by URL: `https://ghcr.io/v2/`. */
function hostIn(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

/** @see https://github.com/docker/docker-credential-helpers#development */
async function askHelper(helper: string, server: string): Promise<Login | undefined> {
  const options = { input: server, quiet: true, allowFailure: true, timeout: PATIENCE, limit: LIMIT };
  try {
    const { exitCode, stdout } = await command(`docker-credential-${helper}`, ['get'], options);
    return exitCode === 0 ? parseReply(stdout) : undefined;
  } catch {
    cancellation.throwIfAborted();
    return undefined;
  }
}

function parseReply(text: string): Login | undefined {
  try {
    const { Username: username, Secret: password } = JSON.parse(text) as Record<string, string>;
    return username && password ? { username, password } : undefined;
  } catch {
    return undefined;
  }
}

function storedLogin(stored: StoredLogin | null | undefined): Login | undefined {
  if (stored?.identitytoken) return { username: IDENTITY_TOKEN, password: stored.identitytoken };
  const [, username, password] =
    /^([^:]+):(.*)$/s.exec(Buffer.from(stored?.auth ?? '', 'base64').toString('utf8')) ?? [];
  return username && password ? { username, password } : undefined;
}
