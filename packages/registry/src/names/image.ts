/** An image of Artifact Registry: `LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/NAME`, or `gcr.io/PROJECT/NAME`. */
export interface ImageName {
  /** Region or multi-region, e.g. `us-central1`, `europe`. */
  readonly location: string;
  readonly project: string;
  /** Id of the repository; that of a `gcr.io` host is called like the host. */
  readonly repository: string;
  /** May hold slashes. */
  readonly name: string;
}

/**
 * Where the repositories are that serve the hosts of Container Registry.
 * @see https://cloud.google.com/artifact-registry/docs/transition/setup-gcr-repo
 */
const GCR_LOCATIONS: Readonly<Record<string, string>> = {
  'gcr.io': 'us',
  'us.gcr.io': 'us',
  'eu.gcr.io': 'europe',
  'asia.gcr.io': 'asia',
};

/** A project of an old domain has that in front, which Google parts with a colon and Docker with a slash. */
const PROJECT = '(?<project>(?:[a-z0-9.-]+:|[a-z0-9-]+(?:\\.[a-z0-9-]+)+/)?[a-z][a-z0-9-]{4,28}[a-z0-9])';
const PATH = '(?<name>[a-z0-9]+(?:(?:\\.|_|__|-+|/)[a-z0-9]+)*)';
const REPOSITORY = '(?<repository>[a-z][a-z0-9-]{0,61}[a-z0-9]|[a-z]|(?:us\\.|eu\\.|asia\\.)?gcr\\.io)';
const NAME = new RegExp(
  `^(?<location>[a-z]+(?:-[a-z]+\\d+)?)-docker\\.pkg\\.dev/${PROJECT}/${REPOSITORY}/${PATH}$`,
);
const GCR_NAME = new RegExp(`^(?<repository>(?:us\\.|eu\\.|asia\\.)?gcr\\.io)/${PROJECT}/${PATH}$`);

/** The parts of an image name without tag and digest, or undefined if it is none of Artifact Registry's. */
export function parseImageName(text: string): ImageName | undefined {
  const groups = (NAME.exec(text) ?? GCR_NAME.exec(text))?.groups;
  if (!groups) return undefined;
  const { project = '', repository = '', name = '' } = groups;
  const host = gcrLocation(repository);
  const location = groups.location ?? host ?? '';
  if (host && host !== location) return undefined;
  // A project of an old domain is a path segment of its own in Docker references.
  return { location, project: project.replace(':', '/'), repository, name };
}

/** The registry's host, e.g. `us-central1-docker.pkg.dev`. */
export function hostOf({ location, repository }: ImageName): string {
  return gcrLocation(repository) ? repository : `${location}-docker.pkg.dev`;
}

/** The name as Google and Docker write it. */
export function formatImageName(image: ImageName): string {
  const { project, repository, name } = image;
  return [hostOf(image), project, ...(gcrLocation(repository) ? [] : [repository]), name].join('/');
}

/** Where the repository of a `gcr.io` host has to be; undefined for any other repository. */
export function gcrLocation(repository: string): string | undefined {
  return Object.hasOwn(GCR_LOCATIONS, repository) ? GCR_LOCATIONS[repository] : undefined;
}

/**
 * Where Docker reaches an image: as it is, or below the registry that stands in for Artifact Registry.
 * @param override host of a stand-in such as `127.0.0.1:8080`
 */
export function dockerName(image: ImageName, override: string | undefined): string {
  return override ? `${override}/${formatImageName(image)}` : formatImageName(image);
}

/** Whether Docker takes it as a tag (https://github.com/distribution/reference, `tag`). */
export function isTag(text: string): boolean {
  return /^\w[\w.-]{0,127}$/.test(text);
}

export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
