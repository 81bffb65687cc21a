import { fly } from './fly/service.ts';
import { github } from './github/service.ts';
import { apiGateway } from './google/api-gateway/service.ts';
import { apiKeys } from './google/api-keys/service.ts';
import { artifactRegistry } from './google/artifact-registry/service.ts';
import { compute } from './google/compute/service.ts';
import { clusterWebhooks, container } from './google/container/service.ts';
import { connectGateway, gkeHub } from './google/gke-hub/service.ts';
import { iam } from './google/iam/service.ts';
import { iamCredentials } from './google/iam-credentials/service.ts';
import { logging } from './google/logging/service.ts';
import { oauth } from './google/oauth/service.ts';
import { resourceManager } from './google/resource-manager/service.ts';
import { run } from './google/run/service.ts';
import { secretManager } from './google/secret-manager/service.ts';
import { serviceUsage } from './google/service-usage/service.ts';
import { sts } from './google/sts/service.ts';
import { vertexAi } from './google/vertex-ai/service.ts';
import { registry } from './registry/service.ts';

/** Every service of the local cloud. To add one, name it here. */
export const services = [
  // Google: who may, and what is on
  iam,
  oauth,
  sts,
  iamCredentials,
  resourceManager,
  serviceUsage,
  // Google: what people deploy
  apiGateway,
  apiKeys,
  artifactRegistry,
  compute,
  container,
  gkeHub,
  connectGateway,
  run,
  secretManager,
  logging,
  vertexAi,
  // Others
  github,
  fly,
  registry,
  clusterWebhooks,
] as const;
