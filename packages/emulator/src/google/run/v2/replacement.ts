import { Api } from '../../../kernel/proto-json/api.ts';
import runV2 from '../../discovery/run.v2.json' with { type: 'json' };

const API = new Api(runV2);

/**
 * What stays of a resource when a PATCH without a mask replaces it: its name, its etag and what is output only. Whatever else the request
 * does not have is gone, as Cloud Run's own clients count on: they read, change and send back the whole.
 *
 * @param message e.g. `GoogleCloudRunV2Service`
 */
export function ownedByCloudRun<Resource extends object>(resource: Resource, message: string): Resource {
  const { fields } = API.message(message);
  const kept = Object.entries(resource).filter(
    ([name]) => name === 'name' || name === 'etag' || fields.get(name)?.isOutput,
  );
  return Object.fromEntries(kept) as Resource;
}
