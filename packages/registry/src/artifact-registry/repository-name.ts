import type { ImageName } from '../names/image.ts';

/** Full resource name of an image's repository. */
export function repositoryName({ project, location, repository }: ImageName): string {
  return `projects/${project.replace('/', ':')}/locations/${location}/repositories/${repository}`;
}
