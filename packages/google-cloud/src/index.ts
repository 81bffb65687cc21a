export type { Actor } from './actor.ts';
export { type Binding, grantsRole, POLICY, projectBindings, readableBindings } from './bindings.ts';
export { type GoogleCloud, type GoogleRequest, googleCloud, sendAuthorized } from './client.ts';
export {
  endpoint,
  GOOGLE_UNIVERSE,
  registryOverride,
  type Service,
  tokenEndpoint,
} from './endpoints.ts';
export { GoogleError, hasStatus, isGoogleError } from './error.ts';
export { explaining } from './explain.ts';
export { isMadeByGangway, MADE_BY } from './made-by.ts';
export {
  OPERATION,
  type Operation,
  type OperationKind,
  pollOperation,
  type WaitOptions,
  waitForOperation,
} from './operation.ts';
export { type EnableOptions, type EnableResult, enableServices } from './service-usage.ts';
