/**
 * What bundles take for `google-gax` (tsconfig.bundles.json): Google's client asks the package's root for its log and
 * one decoder, and with the root comes all of gRPC, which nothing uses over REST.
 */
export * from 'google-gax/fallback';
export * as loggingUtils from 'google-logging-utils';

/** The root's own decodes the details of a gRPC status; over REST no error has any, {@link ../api-gateway/rest-client.ts}. */
export function decodeAnyProtosInArray<T>(details: T): T {
  return details;
}
