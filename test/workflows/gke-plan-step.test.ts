import { describe, expect, it } from 'vitest';
import { planStep } from './plan-step.ts';

const plan = planStep('deploy-gke.yml');
const NAME = 'us-central1-docker.pkg.dev/my-project/apis/web';
const DIGEST = `${NAME}@sha256:${'a'.repeat(64)}`;
const GIVEN = {
  PROJECT_ID: 'my-project',
  CLUSTER_NAME: 'main',
  LOCATION: 'us-central1',
  REPOSITORY: 'apis',
  MANIFESTS: 'k8s',
  NAME: 'web',
};
const ALONE = { ...GIVEN, MANIFESTS: '', NAME: '' };

describe('the first step of deploy-gke.yml', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'builds under the name given',
      GIVEN,
      { image_name: NAME, build: 'true', manifests: 'true', replaced: '' },
    ],
    ['or of the deployment', { ...ALONE, DEPLOYMENT: 'web' }, { image_name: NAME, manifests: 'false' }],
    [
      'or of the release',
      { ...ALONE, CHART: 'chart', RELEASE: 'web' },
      { image_name: NAME, manifests: 'false' },
    ],
    [
      'deploys a chart that has its own image',
      { ...ALONE, CHART: 'chart', RELEASE: 'web', REPOSITORY: '' },
      { build: 'false' },
    ],
    ['also of another kind', { ...ALONE, DEPLOYMENT: 'statefulset/web' }, { image_name: NAME }],
    ['knows the region of a zone', { ...GIVEN, LOCATION: 'us-central1-c' }, { image_name: NAME }],
    [
      "takes the cluster's full name",
      { ...GIVEN, LOCATION: '', CLUSTER_NAME: 'projects/p/locations/us-central1/clusters/main' },
      { image_name: NAME },
    ],
    [
      'pushes elsewhere',
      { ...GIVEN, REPOSITORY_LOCATION: 'us' },
      { image_name: NAME.replace('us-central1', 'us') },
    ],
    [
      'prefers the whole name',
      { ...GIVEN, IMAGE_NAME: 'localhost:5000/x' },
      { image_name: 'localhost:5000/x' },
    ],
    ['puts the image in place of a name', { ...GIVEN, MANIFEST_IMAGE: 'web' }, { replaced: 'web=' }],
    [
      'deploys an image as it is',
      { ...GIVEN, REPOSITORY: '', IMAGE: DIGEST },
      { build: 'false', image_name: '' },
    ],
    ['copies an image', { ...GIVEN, IMAGE: DIGEST }, { build: 'true', image_name: NAME }],
    [
      'applies manifests that need no image',
      { ...GIVEN, REPOSITORY: '' },
      { build: 'false', image_name: '' },
    ],
  ])('%s', (_, env, outputs) => {
    const { status, said, given } = plan(env);
    expect(status, said).toBe(0);
    expect(given).toMatchObject(outputs);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'no cluster',
      { ...GIVEN, CLUSTER_NAME: '' },
      'title=Input cluster_name::The input cluster_name is empty.',
    ],
    ['no location', { ...GIVEN, LOCATION: '' }, 'GANGWAY_LOCATION'],
    ['no project', { ...GIVEN, PROJECT_ID: '' }, 'title=Input project_id::'],
    ['nothing to deploy', ALONE, 'None of the inputs manifests, deployment and chart is set'],
    ['a chart and manifests', { ...GIVEN, CHART: 'chart' }, 'chart is set beside manifests or deployment'],
    ['manifests and a deployment', { ...GIVEN, DEPLOYMENT: 'web' }, 'manifests and deployment are both set'],
    [
      'an image without a name',
      { ...GIVEN, NAME: '' },
      'title=Input name::The input name is empty, and repository is "apis"',
    ],
    [
      'a deployment without an image',
      { ...ALONE, DEPLOYMENT: 'web', REPOSITORY: '' },
      'None of the inputs repository',
    ],
    ['an image without a tag', { ...GIVEN, IMAGE: NAME }, `image is "${NAME}", without a tag or a digest`],
    ['a name with a tag', { ...GIVEN, IMAGE_NAME: `${NAME}:v1` }, 'with a tag or a digest'],
    [
      'a name in manifests of no image',
      { ...GIVEN, REPOSITORY: '', MANIFEST_IMAGE: 'web' },
      'no image is built',
    ],
    [
      'a name in manifests without manifests',
      { ...ALONE, DEPLOYMENT: 'web', MANIFEST_IMAGE: 'web' },
      'there are no manifests',
    ],
    [
      'a name of two lines',
      { ...GIVEN, REPOSITORY: 'apis\nbuild=false' },
      'repository is "apis?build?false"',
    ],
  ])('refuses %s', (_, env, message) => {
    const { status, said, given } = plan(env);
    expect(status).toBe(1);
    expect(said).toContain(message);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(given).toEqual({});
  });
});
