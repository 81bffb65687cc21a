export type { Answer } from './answer.ts';
export { download, releasesAt } from './download.ts';
export { RequestFailure, redirected, unexpected } from './failure.ts';
export { doorFetch } from './fetch.ts';
export { pageText, parseJson, readJson, readValue } from './json.ts';
export { judge } from './judge.ts';
export { look } from './look.ts';
export { type Probe, probe, type Said } from './probe.ts';
export { connects } from './proxy/connects.ts';
export { isLoopback, schemeOf } from './proxy/loopback.ts';
export { reach } from './proxy/reach.ts';
export {
  anything,
  either,
  fields,
  flag,
  list,
  map,
  number,
  object,
  type Reader,
  text,
  token,
} from './readers.ts';
export { type Failure, isTransientStatus, parseRetryAfter, type RetryOptions, retry } from './retry.ts';
export { LIMITS, type Outgoing, send } from './send.ts';
