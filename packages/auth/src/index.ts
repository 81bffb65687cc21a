export { authenticate, type Credentials } from './authenticate.ts';
export { type GoogleInputs, readGoogleInputs } from './inputs.ts';
export { type SignedIn, signIn } from './sign-in.ts';
export type { Token, Wanted } from './source.ts';
export { TokenClient } from './token-client.ts';
