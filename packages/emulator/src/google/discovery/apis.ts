import { Api } from '../../kernel/proto-json/api.ts';
import type { Facts } from '../../kernel/proto-json/facts.ts';
import aiPlatformV1 from './aiplatform.v1.json' with { type: 'json' };
import aiPlatformV1beta1 from './aiplatform.v1beta1.json' with { type: 'json' };
import apiGatewayV1 from './apigateway.v1.json' with { type: 'json' };
import apiKeysV2 from './apikeys.v2.json' with { type: 'json' };
import artifactRegistryV1 from './artifactregistry.v1.json' with { type: 'json' };
import artifactRegistryV1beta2 from './artifactregistry.v1beta2.json' with { type: 'json' };
import { refuseAsCloudRun } from './cloud-run-refusal.ts';
import resourceManagerV1 from './cloudresourcemanager.v1.json' with { type: 'json' };
import resourceManagerV3 from './cloudresourcemanager.v3.json' with { type: 'json' };
import computeV1 from './compute.v1.json' with { type: 'json' };
import containerV1 from './container.v1.json' with { type: 'json' };
import gkeHubV1 from './gkehub.v1.json' with { type: 'json' };
import iamV1 from './iam.v1.json' with { type: 'json' };
import iamCredentialsV1 from './iamcredentials.v1.json' with { type: 'json' };
import loggingV2 from './logging.v2.json' with { type: 'json' };
import { RELAXED } from './relaxed.ts';
import runV1 from './run.v1.json' with { type: 'json' };
import runV2 from './run.v2.json' with { type: 'json' };
import secretManagerV1 from './secretmanager.v1.json' with { type: 'json' };
import serviceUsageV1 from './serviceusage.v1.json' with { type: 'json' };

const FACTS: readonly Facts[] = [
  aiPlatformV1,
  aiPlatformV1beta1,
  apiGatewayV1,
  apiKeysV2,
  artifactRegistryV1,
  artifactRegistryV1beta2,
  resourceManagerV1,
  resourceManagerV3,
  computeV1,
  containerV1,
  gkeHubV1,
  iamV1,
  iamCredentialsV1,
  loggingV2,
  runV1,
  runV2,
  secretManagerV1,
  serviceUsageV1,
];

/**
 * The APIs of Google's whose requests and answers are read and written by what is published of them. The token services (STS, OAuth) speak
 * OAuth's protocol, which has its own rules.
 */
export const APIS: readonly Api[] = FACTS.map((facts) => {
  const document = `${facts.api.split('.')[0]}.${facts.version}`;
  return new Api(facts, RELAXED[document], document === 'run.v2' ? refuseAsCloudRun : undefined);
});
