import { mask } from '@gangway/action';
import type { Token, TokenClient } from '@gangway/auth';
import type { Request } from './inputs.ts';

/**
 * Fetches the token that is asked for; it is masked before anybody sees it.
 *
 * @throws ActionError when the credentials have no such token, or that explains why Google gives none
 */
export async function createToken(client: TokenClient, request: Request): Promise<Token> {
  const made =
    request.type === 'id_token'
      ? await client.getIdToken(request.audience)
      : await client.getWantedToken(request);
  mask(made.token);
  return made;
}
