/** Hosts of Container Registry, and where the repositories of the same name are that serve them (https://cloud.google.com/artifact-registry/docs/transition/setup-gcr-repo). */
const LOCATIONS: Readonly<Record<string, string>> = {
  'gcr.io': 'us',
  'us.gcr.io': 'us',
  'eu.gcr.io': 'europe',
  'asia.gcr.io': 'asia',
};

/** The one location that a repository called like a host of Container Registry may be in; undefined for any other name. */
export function gcrLocation(name: string): string | undefined {
  return Object.hasOwn(LOCATIONS, name) ? LOCATIONS[name] : undefined;
}
