import { REGIONS } from '../../kernel/resources/locations.ts';

/** Where Artifact Registry keeps repositories (https://cloud.google.com/artifact-registry/docs/repositories/repo-locations). */
export const LOCATIONS: readonly string[] = [...REGIONS, 'asia', 'europe', 'us'].sort();
