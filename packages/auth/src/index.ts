export { authenticate, type Credentials } from './authenticate.ts';
export { type GoogleInputs, isProviderName, isServiceAccount, readGoogleInputs } from './inputs.ts';
export { isOtherUniverse } from './other-universe.ts';
export { REFUSED_SIGN_IN } from './refused-inputs.ts';
export { type SignedIn, signIn } from './sign-in.ts';
export type { Token, Wanted } from './sources/source.ts';
export { TokenClient } from './tokens/token-client.ts';
