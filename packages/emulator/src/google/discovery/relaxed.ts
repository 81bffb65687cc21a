import type { Relaxed } from '../../kernel/proto-json/facts.ts';

/** Where Google does not do as its documents say, by document, each with the reason. */
export const RELAXED: Readonly<Record<string, Relaxed>> = {
  'apikeys.v2': {
    settable: { 'V2Key.etag': 'may be sent on update, says its own description' },
  },
  'compute.v1': {
    query: {
      returnPartialSuccess: 'gcloud sends it with every list',
    },
  },
  'apigateway.v1': {
    shown: {
      'ApigatewayOperation.done': 'its operations show it from the start',
      'ApigatewayOperationMetadata.requestedCancellation': 'its operations show it from the start',
    },
  },
};
