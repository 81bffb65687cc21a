import { createHash } from 'node:crypto';
import type { OpenApiFile } from '@gangway/google-cloud/api-gateway';
import type { Inputs } from './inputs.ts';

/** What is to be there, by name, before anything is asked of Google. */
export interface Plan {
  readonly globalParent: string;
  readonly regionalParent: string;
  readonly apiName: string;
  readonly configId: string;
  readonly configName: string;
  readonly gatewayName: string;
  readonly documents: readonly OpenApiFile[];
  readonly gatewayServiceAccount: string | undefined;
}

const CONFIG_ID_LENGTH = 63;
const HASH_LENGTH = 16;

/**
 * Names everything. A config can't be changed, so its id carries a hash of all that makes it: the same content is
 * the same config on every run, and any change is a new one.
 */
export function makePlan(
  { api, gateway, location, gatewayServiceAccount }: Inputs,
  document: OpenApiFile,
  projectId: string,
): Plan {
  const hash = createHash('sha256')
    .update(JSON.stringify([document.path, document.contents, gatewayServiceAccount ?? '']))
    .digest('hex')
    .slice(0, HASH_LENGTH);
  const prefix = api.slice(0, CONFIG_ID_LENGTH - HASH_LENGTH - 1).replace(/-+$/, '');
  const configId = `${prefix}-${hash}`;
  const globalParent = `projects/${projectId}/locations/global`;
  const regionalParent = `projects/${projectId}/locations/${location}`;
  const apiName = `${globalParent}/apis/${api}`;
  return {
    globalParent,
    regionalParent,
    apiName,
    configId,
    configName: `${apiName}/configs/${configId}`,
    gatewayName: `${regionalParent}/gateways/${gateway}`,
    documents: [document],
    gatewayServiceAccount,
  };
}

/** Whether two full names mean the same resource: Google answers with the project's number where it was given the id. */
export function sameResource(left: string, right: string): boolean {
  return withoutProject(left) === withoutProject(right);
}

function withoutProject(name: string): string {
  return name.replace(/^\/*projects\/[^/]+\//, '').replace(/\/+$/, '');
}
