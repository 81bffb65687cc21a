import { parseImageName } from './image.ts';

const SHAPE = 'LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/NAME';

/**
 * What to write in place of an image name that can't be used: the name that was probably meant.
 * @param text what `parseImageName` does not take
 */
export function imageNameCure(text: string): string {
  const untagged = text.replace(/(:[\w.-]+)?(@sha256:[0-9a-f]+)?$/, '');
  if (untagged !== text && parseImageName(untagged)) return `write ${untagged}, and the tag under tags`;
  if (/\/\/|\/$/.test(text.replace(/^https?:\/\//, '')))
    return `write ${SHAPE}; one of its parts came out empty: check the variables that it is made of`;
  const meant = MISTAKES.map(([mistake, right, why]) => ({ name: text.replace(mistake, right), why })).find(
    ({ name }) => name !== text && parseImageName(name),
  );
  if (meant) return `${meant.why}write ${meant.name}${/^https?:/.test(text) ? ', without the scheme' : ''}`;
  const lower = text.toLowerCase();
  if (lower !== text && parseImageName(lower)) return `write ${lower}: image names are in lower case`;
  return cureOfPart(text);
}

/** What people write, what they mean, and why it is so. */
const MISTAKES: readonly (readonly [mistake: RegExp, right: string, why: string])[] = [
  [/^https?:\/\//, '', ''],
  [
    /^([a-z]+-[a-z]+\d+)-[a-z]-docker\.pkg\.dev/,
    '$1-docker.pkg.dev',
    'a repository is in a region, not a zone: ',
  ],
  [/^([a-z]+(?:-[a-z]+\d+)?)(?:\.docker|-[a-z]+)?\.pkg\.dev/, '$1-docker.pkg.dev', ''],
  [/^([a-z]+-[a-z]+\d+)(?=\/)/, '$1-docker.pkg.dev', ''],
  [
    /^[a-z0-9-]+-docker\.pkg\.dev\/(.+)\/((?:us\.|eu\.|asia\.)?gcr\.io)\//,
    '$2/$1/',
    'that repository is elsewhere: ',
  ],
];

function cureOfPart(text: string): string {
  const [host = '', project = '', repository = '', ...name] = text.split('/');
  if (/(^|\.)gcr\.io$/.test(host)) {
    if (!/^((us|eu|asia)\.)?gcr\.io$/.test(host))
      return 'of the hosts of Container Registry, push to gcr.io, us.gcr.io, eu.gcr.io or asia.gcr.io';
    return project && !repository ? `add the name of the image: ${text}/NAME` : 'write gcr.io/PROJECT/NAME';
  }
  if (!/^[a-z]+(-[a-z]+\d+)?-docker\.pkg\.dev$/.test(host)) {
    const foreign = host.includes('.')
      ? `${host} is not a host of Artifact Registry, which this action pushes to: `
      : '';
    return `${foreign}write ${SHAPE} in lower case, without a tag`;
  }
  if (project && !/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project))
    return `"${project}" is not a project ID; write the ID, not the number or the title, in ${SHAPE}`;
  if (repository && !/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(repository))
    return `"${repository}" is not a repository ID: use lower-case letters, digits and dashes, starting with a letter, 63 at most`;
  if (repository && name.length === 0) return `add the name of the image: ${text}/NAME`;
  return `write ${SHAPE} in lower case, without a tag`;
}
