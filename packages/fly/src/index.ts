export {
  type AppSecret,
  createApp,
  currentTokens,
  destroyApp,
  findApp,
  hasPublicAddress,
  listSecrets,
  mintDeployToken,
  updateSecrets,
} from './app.ts';
export { type Fly, FlyError, flyClient, isFlyError } from './client.ts';
export { goDuration } from './duration.ts';
export { flyEndpoints } from './endpoints.ts';
export { type GoogleIdentity, type IdentityParts, identityParts } from './google-identity.ts';
export { type Lock, lockDeploys } from './lock.ts';
export { readLogs } from './logs.ts';
export { type Finding, judgeHealth } from './machines/judge.ts';
export { addressOf, type Listener, listenerOf } from './machines/listener.ts';
export { groupOf, imageOf, lastExit, type Machine, mayRest, metadataOf } from './machines/machine.ts';
export {
  createMachine,
  destroyMachine,
  getMachine,
  listMachines,
  setCordoned,
  startMachine,
  stopMachine,
  updateMachine,
} from './machines/machines.ts';
export { verifyAnswer, verifyMachines } from './machines/verify.ts';
export { DATABASE_SECRET, detachPostgres, managedDatabase, noteAttachment } from './postgres.ts';
export { SECRET_NAME } from './secret-name.ts';
export { checkToken, explainRefusal, type TokenSubject, tokenFacts, tokenParts } from './tokens/token.ts';
