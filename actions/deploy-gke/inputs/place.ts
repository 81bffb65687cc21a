import { ActionError, input, invalid } from '@gangway/action';

/** Where a cluster is. */
export interface ClusterName {
  /** Undefined: that of the credentials. */
  readonly project: string | undefined;
  /** Region or zone. */
  readonly location: string;
  readonly name: string;
}

const FULL = /^projects\/([^/]+)\/(?:locations|zones)\/([^/]+)\/clusters\/([^/]+)$/;
const NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
const LOCATION = /^[a-z]+-[a-z]+\d+(-[a-z])?$/;

/** Reads which cluster is meant, in short or in full. @throws ActionError */
export function readClusterName(): ClusterName {
  const given = input.required('cluster_name');
  const location = input.optional('location');
  const project = input.optional('project_id');
  const [, ownProject, ownLocation, ownName] = FULL.exec(given) ?? [];
  if (given.includes('/') && !ownName)
    throw invalid(
      'cluster_name',
      given,
      'write a name, or projects/PROJECT/locations/LOCATION/clusters/NAME',
    );
  const name = ownName ?? given;
  if (!NAME.test(name))
    throw invalid(
      'cluster_name',
      given,
      'a name has lower-case letters, digits and dashes, 40 at most, a letter first',
    );
  if (ownLocation && location && location !== ownLocation)
    throw invalid('location', location, `cluster_name says ${ownLocation}: leave location out`);
  if (ownProject && project && project !== ownProject)
    throw invalid('project_id', project, `cluster_name says ${ownProject}: leave project_id out`);
  const where = ownLocation ?? location;
  if (where === undefined)
    throw new ActionError('Input "location" is required and was empty.', {
      code: 'input-missing',
      hint: `set it to the region or zone of the cluster: "gcloud container clusters list --filter=name=${name}" tells it`,
    });
  if (!LOCATION.test(where))
    throw invalid(
      ownLocation ? 'cluster_name' : 'location',
      where,
      'write a region such as us-central1, or a zone such as us-central1-a',
    );
  return { project: ownProject ?? project, location: where, name };
}
