import { createHash } from 'node:crypto';
import type { OpenApiFile } from '@gangway/google-cloud/api-gateway';
import type { Names } from '../inputs/names.ts';

/** What is to be there, by name, before anything is asked of Google. */
export interface Plan {
  readonly projectId: string;
  readonly globalParent: string;
  readonly apiName: string;
  readonly configId: string;
  /** What the ids of all configs that Gangway makes for the API begin with; a hash follows. */
  readonly configPrefix: string;
  readonly configName: string;
  readonly places: readonly Place[];
  readonly documents: readonly OpenApiFile[];
  readonly gatewayServiceAccount: string | undefined;
}

/** A gateway that is to serve the config. */
export interface Place {
  readonly location: string;
  readonly parent: string;
  readonly gatewayName: string;
}

const CONFIG_ID_LENGTH = 63;
const HASH_LENGTH = 16;

/**
 * Names everything. A config can't be changed, so its id carries a hash of all that makes it: the same content is
 * the same config on every run, and any change is a new one.
 */
export function makePlan(names: Names, document: OpenApiFile, projectId: string): Plan {
  const hash = createHash('sha256')
    .update(JSON.stringify([document.path, document.contents, names.gatewayServiceAccount ?? '']))
    .digest('hex')
    .slice(0, HASH_LENGTH);
  return planOf(names, projectId, hash, document);
}

/** Names all but a config that is made: where gateways go back to one that is there, or go themselves. */
export function planWithout(names: Names, projectId: string): Plan {
  return {
    ...planOf(names, projectId, '', { path: '', contents: '' }),
    documents: [],
    configId: '',
    configName: '',
  };
}

function planOf(
  { api, gateway, locations, gatewayServiceAccount }: Names,
  projectId: string,
  hash: string,
  document: OpenApiFile,
): Plan {
  const configPrefix = `${api.slice(0, CONFIG_ID_LENGTH - HASH_LENGTH - 1).replace(/-+$/, '')}-`;
  const configId = `${configPrefix}${hash}`;
  const globalParent = `projects/${projectId}/locations/global`;
  const apiName = `${globalParent}/apis/${api}`;
  return {
    projectId,
    globalParent,
    apiName,
    configId,
    configPrefix,
    configName: `${apiName}/configs/${configId}`,
    places: locations.map((location) => {
      const parent = `projects/${projectId}/locations/${location}`;
      return { location, parent, gatewayName: `${parent}/gateways/${gateway}` };
    }),
    documents: [{ path: document.path, contents: document.contents }],
    gatewayServiceAccount,
  };
}

/** Whether two full names mean the same resource: Google answers with the project's number where it was given the id. */
export function sameResource(left: string, right: string): boolean {
  return withoutProject(left) === withoutProject(right);
}

/** The last part of a full name. */
export function idOf(name: string): string {
  return name.replace(/\/+$/, '').split('/').at(-1) ?? '';
}

function withoutProject(name: string): string {
  return name.replace(/^\/*projects\/[^/]+\//, '').replace(/\/+$/, '');
}
