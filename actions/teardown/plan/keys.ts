import { isMadeByGangway } from '@gangway/google-cloud';
import type { FoundKey } from '../look/api-keys.ts';
import type { Home, Kept, Part, Step } from './part.ts';

/** The annotation that create-api-key gives a key when it creates it. */
const MARK = 'gangway-run';

export function planKeys({ keys }: { readonly keys: readonly FoundKey[] }, { projectId }: Home): Part {
  const steps: Step[] = [];
  const kept: Kept[] = [];
  const missing: string[] = [];
  for (const { id, name, key } of keys) {
    const title = `API key ${id}`;
    const { annotations = {}, etag } = key ?? {};
    if (!key) missing.push(title);
    else if (annotations[MARK] === undefined && !isMadeByGangway(annotations))
      kept.push({
        title,
        reason: 'has no annotation that says that Gangway created it',
        cure: `gcloud services api-keys update projects/${projectId}/locations/global/keys/${id} --annotations=created-by=gangway`,
      });
    else {
      const query = etag && { etag };
      steps.push({
        title,
        resources: [[{ service: 'apikeys', path: `v2/${name}`, ...(query && { query }) }]],
        needs: [],
      });
    }
  }
  return { steps, kept, missing };
}
