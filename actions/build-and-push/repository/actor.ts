import type { Actor } from '@gangway/google-cloud';
import type { Inputs } from '../inputs.ts';

/** Who acts on the image's repository, which may be of another project than the job's. */
export function actorOf({ image, google }: Pick<Inputs, 'image' | 'google'>): Actor {
  return { ...google, projectId: image.project.replace('/', ':') };
}
