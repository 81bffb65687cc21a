export { type GoogleCloud, type GoogleRequest, googleCloud } from './client.ts';
export {
  endpoint,
  GOOGLE_UNIVERSE,
  isLoopback,
  registryOverride,
  type Service,
  schemeOf,
  tokenEndpoint,
} from './endpoints.ts';
export { GoogleError, hasStatus, isGoogleError } from './error.ts';
export { type Actor, explaining } from './explain.ts';
export { type Operation, pollOperation, type WaitOptions, waitForOperation } from './operation.ts';
export { reach } from './reach.ts';
export { type Failure, isTransientStatus, parseRetryAfter, type RetryOptions, retry } from './retry.ts';
export { type EnableOptions, type EnableResult, enableServices } from './service-usage.ts';
export { type OpenResponse, openWeb, type WebResponse, webRequest } from './web-request.ts';
