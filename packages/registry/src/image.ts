/** An image of Artifact Registry: `LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/NAME`. */
export interface ImageName {
  /** Region or multi-region, e.g. `us-central1`, `europe`. */
  readonly location: string;
  readonly project: string;
  readonly repository: string;
  /** May hold slashes. */
  readonly name: string;
}

const NAME =
  /^(?<location>[a-z]+(?:-[a-z]+\d+)?)-docker\.pkg\.dev\/(?<project>(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9])\/(?<repository>[a-z][a-z0-9-]{0,61}[a-z0-9]|[a-z])\/(?<name>[a-z0-9]+(?:(?:\.|_|__|-+|\/)[a-z0-9]+)*)$/;

/** The parts of an image name without tag and digest, or undefined if it is none of Artifact Registry's. */
export function parseImageName(text: string): ImageName | undefined {
  const groups = NAME.exec(text)?.groups;
  if (!groups) return undefined;
  const { location = '', project = '', repository = '', name = '' } = groups;
  // A project of an old domain is a path segment of its own in Docker references.
  return { location, project: project.replace(':', '/'), repository, name };
}

/** The registry's host, e.g. `us-central1-docker.pkg.dev`. */
export function hostOf({ location }: ImageName): string {
  return `${location}-docker.pkg.dev`;
}

/** The name as Google and Docker write it. */
export function formatImageName(image: ImageName): string {
  return `${hostOf(image)}/${image.project}/${image.repository}/${image.name}`;
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
