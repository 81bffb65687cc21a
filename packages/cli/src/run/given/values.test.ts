import { expect, it } from 'vitest';
import { namedIn } from './named.ts';
import { withMadeUp } from './values.ts';

const known = {
  project: 'demo-project',
  projectNumber: '123',
  provider: 'projects/123/locations/global/workloadIdentityPools/github/providers/gangway',
  deployer: 'deployer@demo-project.iam.gserviceaccount.com',
  gateway: 'gateway@demo-project.iam.gserviceaccount.com',
  runtime: '123-compute@developer.gserviceaccount.com',
  region: 'us-central1',
  registry: 'apis',
  name: 'shop',
  githubToken: 'ghs_1',
  flyToken: 'fm2_1',
  keyFile: async () => '{"type":"service_account"}',
};

it.each([
  ['vars.GCP_PROJECT_ID', known.project],
  ['vars.PROJECT_NUMBER', known.projectNumber],
  ['vars.WIF_PROVIDER', known.provider],
  ['vars.GCP_WORKLOAD_IDENTITY_PROVIDER', known.provider],
  ['vars.SERVICE_ACCOUNT', known.deployer],
  ['vars.WIF_SERVICE_ACCOUNT', known.deployer],
  ['vars.GATEWAY_SERVICE_ACCOUNT', known.gateway],
  ['vars.RUNTIME_SERVICE_ACCOUNT', known.runtime],
  ['vars.GCP_REGION', known.region],
  ['vars.GAR_LOCATION', known.region],
  ['vars.ARTIFACT_REPOSITORY', known.registry],
  ['vars.SERVICE_NAME', known.name],
  ['vars.LOG_LEVEL', 'local-log-level'],
  ['secrets.FLY_API_TOKEN', known.flyToken],
  ['secrets.GITHUB_TOKEN', known.githubToken],
  ['secrets.GCP_SA_KEY', '{"type":"service_account"}'],
  ['secrets.GOOGLE_CREDENTIALS', '{"type":"service_account"}'],
  ['secrets.WIF_PROVIDER', known.provider],
  ['secrets.DATABASE_PASSWORD', 'local-database-password'],
])('makes up %s', async (expression, value) => {
  const given = { variables: {}, secrets: {} };
  const { variables, secrets, madeUp } = await withMadeUp(given, [`x: \${{ ${expression} }}`], known);
  const [kind, name = ''] = expression.split('.');
  expect((kind === 'vars' ? variables : secrets)[name]).toBe(value);
  expect(madeUp.map((one) => one.name)).toEqual(name === 'GITHUB_TOKEN' ? [] : [expression]);
});

it('leaves alone what was given', async () => {
  const given = { variables: { REGION: 'europe-west1' }, secrets: { TOKEN: 't' } };
  const { variables, secrets, madeUp } = await withMadeUp(
    given,
    ['x: ${{ vars.REGION }} ${{ secrets.TOKEN }}'],
    known,
  );
  expect({ ...variables, ...secrets }).toMatchObject({ REGION: 'europe-west1', TOKEN: 't' });
  expect(madeUp).toEqual([]);
});

it('reads what a workflow names of Google Cloud, also through variables and env', () => {
  const text = `
env:
  IMAGE: \${{ env.REGION }}-docker.pkg.dev/\${{ vars.PROJECT }}/shop/api
jobs:
  deploy:
    steps:
      - with:
          project_id: acme-tools
          workload_identity_provider: projects/99/locations/global/workloadIdentityPools/p/providers/q
          service_account: ci-deployer@\${{ vars.PROJECT }}.iam.gserviceaccount.com
      - run: gcloud run deploy api --image $IMAGE --service-account run-time@acme-prod.iam.gserviceaccount.com
`;
  expect(namedIn([text], { 'env.REGION': 'europe-west1', 'vars.PROJECT': 'acme-prod' })).toEqual({
    service_accounts: [
      'ci-deployer@acme-prod.iam.gserviceaccount.com',
      'run-time@acme-prod.iam.gserviceaccount.com',
    ],
    deployers: ['ci-deployer@acme-prod.iam.gserviceaccount.com'],
    providers: ['projects/99/locations/global/workloadIdentityPools/p/providers/q'],
    repositories: ['projects/acme-prod/locations/europe-west1/repositories/shop'],
    projects: ['acme-prod', 'acme-tools'],
    fly_apps: [],
  });
  const [deployer] = namedIn(['service_account: deployer@acme-prod.iam.gserviceaccount.com'], {}).deployers;
  expect(deployer).toBe('deployer@acme-prod.iam.gserviceaccount.com');
});
