import type { Relaxed } from '../../kernel/proto-json/facts.ts';

const OWN_WORDS = 'its service refuses that itself, in words that are known, once it knows who asks';

/** Where Google does not do as its documents say, by document, each with the reason. */
export const RELAXED: Readonly<Record<string, Relaxed>> = {
  'aiplatform.v1': {
    left: {
      'GoogleCloudAiplatformV1GenerateContentRequest.contents': OWN_WORDS,
      'GoogleCloudAiplatformV1Content.parts': OWN_WORDS,
    },
  },
  'aiplatform.v1beta1': {
    left: {
      'GoogleCloudAiplatformV1beta1GenerateContentRequest.contents': OWN_WORDS,
      'GoogleCloudAiplatformV1beta1Content.parts': OWN_WORDS,
    },
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
  'apikeys.v2': {
    settable: { 'V2Key.etag': 'may be sent on update, says its own description' },
  },
  'iamcredentials.v1': {
    left: {
      'GenerateAccessTokenRequest.scope': OWN_WORDS,
      'GenerateIdTokenRequest.audience': OWN_WORDS,
      'SignBlobRequest.payload': OWN_WORDS,
      'SignJwtRequest.payload': OWN_WORDS,
    },
  },
  'logging.v2': {
    left: {
      'ListLogEntriesRequest.resourceNames': OWN_WORDS,
      'LogEntry.logName': "the request's own logName stands for it, says its description",
      'LogEntry.resource': "the request's own resource stands for it, says its description",
      'MonitoredResource.labels': 'a resource such as `global` has none that its caller must name',
    },
  },
  'run.v1': {
    left: {
      'ObjectMeta.namespace':
        "the path names it, and the metadata of a template has none in gcloud's requests",
    },
  },
};
