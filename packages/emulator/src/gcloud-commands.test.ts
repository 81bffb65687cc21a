import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GcloudSession, gcloudSession } from '../test/gcloud-session.ts';
import { cloudWithImage, whatIsMissing } from '../test/run.ts';
import { hasGcloud } from '../test/run-gcloud.ts';
import type { RunningCloud } from './cloud.ts';
import { environment, writeEnvironmentFiles } from './environment.ts';

// needs: gcloud, engine, busybox, openssl
// takes minutes

const missing = hasGcloud ? await whatIsMissing() : 'no gcloud';

/**
 * What gcloud's commands of the services here do, in the order in which a person may give them, and what their output must have. With
 * the exports of the local cloud and nothing more.
 */
const COMMANDS: readonly (readonly [line: string, output: string])[] = [
  ['run regions list', 'us-central1'],
  [
    'run deploy hello --image=us-central1-docker.pkg.dev/demo-project/app/web:1 --region=us-central1 --allow-unauthenticated',
    'has been deployed and is serving',
  ],
  ['run services list', 'hello'],
  ['run services list --region=us-central1', 'hello'],
  ['run services describe hello --region=us-central1', 'hello'],
  ['run services update hello --region=us-central1 --update-env-vars=A=b', ''],
  ['run services update-traffic hello --region=us-central1 --to-latest', ''],
  ['run services get-iam-policy hello --region=us-central1', 'allUsers'],
  [
    'run services add-iam-policy-binding hello --region=us-central1 --member=user:a@example.com --role=roles/run.invoker',
    '',
  ],
  [
    'run services remove-iam-policy-binding hello --region=us-central1 --member=user:a@example.com --role=roles/run.invoker',
    '',
  ],
  ['run services logs read hello --region=us-central1', ''],
  ['run revisions list --region=us-central1', 'hello-0000'],
  ['run revisions list --service=hello --region=us-central1', 'hello-0000'],
  ['run jobs list', ''],
  ['run jobs list --region=us-central1', ''],
  [
    'run jobs create sums --image=us-central1-docker.pkg.dev/demo-project/app/web:1 --region=us-central1 --command=/bin/busybox --args=echo,hi --max-retries=0',
    '',
  ],
  ['run jobs describe sums --region=us-central1', 'sums'],
  ['run jobs update sums --region=us-central1 --update-env-vars=A=b', ''],
  [
    'run jobs deploy sums --image=us-central1-docker.pkg.dev/demo-project/app/web:1 --region=us-central1 --tasks=2',
    '',
  ],
  ['run jobs execute sums --region=us-central1 --wait', ''],
  ['run jobs execute sums --region=us-central1', ''],
  ['run jobs executions list --region=us-central1', 'sums-'],
  ['run jobs executions list --job=sums --region=us-central1', 'sums-'],
  ['run jobs logs read sums --region=us-central1', 'hi'],
  ['run jobs get-iam-policy sums --region=us-central1', 'etag'],
  [
    'run jobs add-iam-policy-binding sums --region=us-central1 --member=user:a@example.com --role=roles/run.invoker',
    '',
  ],
  [
    'run jobs remove-iam-policy-binding sums --region=us-central1 --member=user:a@example.com --role=roles/run.invoker',
    '',
  ],
  ['run jobs delete sums --region=us-central1', ''],
  ['beta run worker-pools list --region=us-central1', ''],
  ['run revisions delete $FIRST --region=us-central1', 'Deleted'],
  ['run services delete hello --region=us-central1', ''],
  ['services enable secretmanager.googleapis.com', ''],
  ['secrets create s1 --replication-policy=automatic --labels=a=b', ''],
  ['secrets list', 's1'],
  ['secrets describe s1', 'a: b'],
  ['secrets update s1 --update-labels=c=d --update-annotations=e=f', ''],
  ['secrets versions add s1 --data-file=$DIR/data', ''],
  ['secrets versions add s1 --data-file=$DIR/data', ''],
  ['secrets versions list s1', 'enabled'],
  ['secrets versions describe 1 --secret=s1', 'state: ENABLED'],
  ['secrets versions access latest --secret=s1', 'hello'],
  ['secrets versions disable 1 --secret=s1', ''],
  ['secrets versions enable 1 --secret=s1', ''],
  ['secrets versions destroy 1 --secret=s1', 'Destroyed version [1]'],
  ['secrets get-iam-policy s1', 'etag'],
  [
    'secrets add-iam-policy-binding s1 --member=user:a@example.com --role=roles/secretmanager.secretAccessor',
    '',
  ],
  [
    'secrets remove-iam-policy-binding s1 --member=user:a@example.com --role=roles/secretmanager.secretAccessor',
    '',
  ],
  ['secrets set-iam-policy s1 $DIR/policy.json', ''],
  ['secrets locations list', ''],
  ['secrets locations describe us-central1', 'us-central1'],
  ['secrets replication get s1', 'automatic'],
  ['secrets create s2 --replication-policy=user-managed --locations=us-central1 --ttl=3600s', ''],
  ['secrets delete s2', ''],
  ['iam service-accounts create robot-1 --display-name=Robot', ''],
  ['iam service-accounts list', 'robot-1'],
  ['iam service-accounts describe robot-1@demo-project.iam.gserviceaccount.com', 'robot-1'],
  [
    'iam service-accounts update robot-1@demo-project.iam.gserviceaccount.com --display-name=Two --description=x',
    'displayName: Two',
  ],
  ['iam service-accounts disable robot-1@demo-project.iam.gserviceaccount.com', ''],
  ['iam service-accounts enable robot-1@demo-project.iam.gserviceaccount.com', ''],
  ['iam service-accounts get-iam-policy robot-1@demo-project.iam.gserviceaccount.com', ''],
  [
    'iam service-accounts add-iam-policy-binding robot-1@demo-project.iam.gserviceaccount.com --member=user:owner@example.com --role=roles/iam.serviceAccountTokenCreator',
    '',
  ],
  [
    'iam service-accounts sign-blob $DIR/data $DIR/signed --iam-account=robot-1@demo-project.iam.gserviceaccount.com',
    '',
  ],
  [
    'iam service-accounts sign-jwt $DIR/claims.json $DIR/signed2 --iam-account=robot-1@demo-project.iam.gserviceaccount.com',
    '',
  ],
  [
    'iam service-accounts remove-iam-policy-binding robot-1@demo-project.iam.gserviceaccount.com --member=user:owner@example.com --role=roles/iam.serviceAccountTokenCreator',
    '',
  ],
  [
    'iam service-accounts keys create $DIR/key.json --iam-account=robot-1@demo-project.iam.gserviceaccount.com',
    '',
  ],
  ['iam service-accounts keys list --iam-account=robot-1@demo-project.iam.gserviceaccount.com', 'KEY_ID'],
  [
    'iam service-accounts keys upload $DIR/cert.pem --iam-account=robot-1@demo-project.iam.gserviceaccount.com',
    'USER_PROVIDED',
  ],
  ['iam service-accounts delete robot-1@demo-project.iam.gserviceaccount.com', ''],
  ['iam roles list', 'roles/run.admin'],
  ['iam roles list --project=demo-project', ''],
  ['iam roles describe roles/run.admin', 'run.services.create'],
  ['iam roles create tester --project=demo-project --title=T --permissions=run.services.get', ''],
  ['iam roles describe tester --project=demo-project', ''],
  ['iam roles update tester --project=demo-project --add-permissions=run.services.list', ''],
  [
    'iam roles copy --source=tester --source-project=demo-project --destination=tester2 --dest-project=demo-project',
    '',
  ],
  ['iam roles delete tester --project=demo-project', ''],
  ['iam roles undelete tester --project=demo-project', ''],
  [
    'iam list-testable-permissions //cloudresourcemanager.googleapis.com/projects/demo-project',
    'run.services.get',
  ],
  ['iam list-grantable-roles //cloudresourcemanager.googleapis.com/projects/demo-project', 'roles/run.admin'],
  ['iam workload-identity-pools create pool-1 --location=global', ''],
  ['iam workload-identity-pools list --location=global', 'pool-1'],
  ['iam workload-identity-pools describe pool-1 --location=global', 'ACTIVE'],
  ['iam workload-identity-pools update pool-1 --location=global --display-name=P', ''],
  [
    `iam workload-identity-pools providers create-oidc prov-1 --location=global --workload-identity-pool=pool-1 --issuer-uri=https://token.actions.githubusercontent.com --attribute-mapping=google.subject=assertion.sub --attribute-condition="assertion.repository=='a/b'"`,
    '',
  ],
  ['iam workload-identity-pools providers list --location=global --workload-identity-pool=pool-1', ''],
  [
    'iam workload-identity-pools providers describe prov-1 --location=global --workload-identity-pool=pool-1',
    '',
  ],
  [
    'iam workload-identity-pools providers update-oidc prov-1 --location=global --workload-identity-pool=pool-1 --display-name=Q',
    '',
  ],
  [
    'iam workload-identity-pools providers delete prov-1 --location=global --workload-identity-pool=pool-1',
    '',
  ],
  [
    'iam workload-identity-pools providers undelete prov-1 --location=global --workload-identity-pool=pool-1',
    '',
  ],
  ['iam workload-identity-pools delete pool-1 --location=global', ''],
  ['iam workload-identity-pools undelete pool-1 --location=global', ''],
  [
    'iam workload-identity-pools create-cred-config projects/123456789012/locations/global/workloadIdentityPools/github/providers/gangway --output-file=$DIR/cred.json --credential-source-file=/x',
    '',
  ],
  ['projects list', 'demo-project'],
  ['projects describe demo-project', '123456789012'],
  ['projects get-ancestors demo-project', 'demo-project'],
  ['projects get-iam-policy demo-project', 'roles/owner'],
  ['projects get-ancestors-iam-policy demo-project', 'demo-project'],
  [
    'projects add-iam-policy-binding demo-project --member=user:a@example.com --role=roles/viewer --condition=None',
    '',
  ],
  [
    'projects add-iam-policy-binding demo-project --member=user:a@example.com --role=roles/run.viewer --condition=title=t,expression=resource.type==resource.name',
    '',
  ],
  [
    'projects remove-iam-policy-binding demo-project --member=user:a@example.com --role=roles/viewer --condition=None',
    '',
  ],
  ['services list', ''],
  ['services list --available', 'Cloud Pub/Sub API'],
  ['services enable pubsub.googleapis.com', ''],
  ['services disable pubsub.googleapis.com', ''],
  ['services api-keys create --display-name=k --key-id=k1', ''],
  ['services api-keys list', 'k1'],
  ['services api-keys describe k1', ''],
  ['services api-keys get-key-string k1', 'AIzaSy'],
  ['services api-keys update k1 --display-name=z', ''],
  ['services api-keys delete k1', ''],
  ['services api-keys undelete k1', ''],
  ['logging logs list', 'run.googleapis.com'],
  ['logging read severity>=DEFAULT', 'textPayload'],
  ['logging read resource.type=cloud_run_revision --limit=2 --freshness=1d', ''],
  ['logging write my-log hello', ''],
  ['artifacts locations list', ''],
  ['artifacts repositories list', 'app'],
  ['artifacts repositories list --location=us-central1', 'app'],
  ['artifacts repositories create r1 --repository-format=docker --location=us-central1 --description=d', ''],
  ['artifacts repositories describe r1 --location=us-central1', 'registryUri'],
  ['artifacts repositories update r1 --location=us-central1 --description=e', ''],
  [
    'artifacts repositories add-iam-policy-binding r1 --location=us-central1 --member=user:a@example.com --role=roles/artifactregistry.reader',
    '',
  ],
  ['artifacts repositories get-iam-policy r1 --location=us-central1', ''],
  [
    'artifacts repositories remove-iam-policy-binding r1 --location=us-central1 --member=user:a@example.com --role=roles/artifactregistry.reader',
    '',
  ],
  ['artifacts repositories list-cleanup-policies r1 --location=us-central1', ''],
  ['artifacts docker images list us-central1-docker.pkg.dev/demo-project/app', 'web'],
  ['artifacts docker images list us-central1-docker.pkg.dev/demo-project/app/web --include-tags', 'web'],
  ['artifacts docker images describe us-central1-docker.pkg.dev/demo-project/app/web:1', 'sha256'],
  ['artifacts docker tags list us-central1-docker.pkg.dev/demo-project/app/web', '1'],
  [
    'artifacts docker tags add us-central1-docker.pkg.dev/demo-project/app/web:1 us-central1-docker.pkg.dev/demo-project/app/web:2',
    '',
  ],
  [
    'artifacts docker tags add us-central1-docker.pkg.dev/demo-project/app/web:1 us-central1-docker.pkg.dev/demo-project/app/web:2',
    '',
  ],
  ['artifacts docker tags delete us-central1-docker.pkg.dev/demo-project/app/web:2', ''],
  ['artifacts packages list --repository=app --location=us-central1', 'web'],
  ['artifacts packages describe web --repository=app --location=us-central1', ''],
  ['artifacts versions list --package=web --repository=app --location=us-central1', 'sha256'],
  ['artifacts tags list --package=web --repository=app --location=us-central1', ''],
  ['artifacts files list --repository=app --location=us-central1', 'sha256'],
  ['artifacts settings describe', 'REDIRECTION_FROM_GCR_IO_DISABLED'],
  ['artifacts repositories delete r1 --location=us-central1', ''],
  ['api-gateway apis create a1', ''],
  ['api-gateway apis list', 'a1'],
  ['api-gateway apis describe a1', 'a1'],
  ['api-gateway apis update a1 --display-name=x', ''],
  ['api-gateway apis get-iam-policy a1', ''],
  [
    'api-gateway apis add-iam-policy-binding a1 --member=user:a@example.com --role=roles/apigateway.viewer',
    '',
  ],
  [
    'api-gateway apis remove-iam-policy-binding a1 --member=user:a@example.com --role=roles/apigateway.viewer',
    '',
  ],
  ['api-gateway operations list --location=global', ''],
  ['api-gateway gateways list', ''],
  ['api-gateway api-configs list', ''],
  ['api-gateway apis delete a1', ''],
  ['auth print-access-token', 'ya29'],
  [
    'run jobs create sums --image=us-central1-docker.pkg.dev/demo-project/app/web:1 --region=us-central1 --command=/bin/busybox --args=echo,hi --max-retries=0 --execute-now --wait',
    '',
  ],
  ['run jobs executions list --job=sums --region=us-central1', 'sums-'],
  ['run jobs logs read sums --region=us-central1', 'hi'],
];

/** Commands of APIs and methods that are not here: they say so, in the words of the local cloud. */
const ABSENT: readonly string[] = [
  'pubsub topics list',
  'builds list',
  'functions list',
  'storage buckets list',
  'dns managed-zones list',
  'sql instances list',
  'kms keyrings list --location=global',
  'scheduler jobs list --location=us-central1',
  'endpoints services list',
  'logging sinks list',
  'logging sinks create out storage.googleapis.com/my-bucket --log-filter=severity>=ERROR',
  'logging sinks describe out',
  'logging buckets list',
  'logging metrics list',
  'secrets create s3 --location=us-central1',
  'secrets list --location=us-central1',
  'secrets describe s3 --location=us-central1',
  'secrets versions add s3 --location=us-central1 --data-file=$DIR/data',
  'secrets versions access latest --secret=s3 --location=us-central1',
  'artifacts rules list --repository=app --location=us-central1',
  'artifacts attachments list --repository=app --location=us-central1',
  'artifacts vpcsc-config describe --location=us-central1',
  'artifacts repositories create rem --repository-format=docker --mode=remote-repository --remote-docker-repo=docker-hub --location=us-central1',
  'artifacts repositories create vir --repository-format=docker --mode=virtual-repository --location=us-central1',
  'iam workload-identity-pools namespaces list --workload-identity-pool=github --location=global',
];

describe.skipIf(missing)('gcloud, with the exports alone', { timeout: 120_000 }, () => {
  let cloud: RunningCloud;
  let folder: string;
  let gcloud: GcloudSession;
  beforeAll(async () => {
    ({ cloud } = await cloudWithImage());
    folder = await mkdtemp(join(tmpdir(), 'gangway-test-'));
    const env = environment(cloud, await writeEnvironmentFiles(cloud, folder));
    gcloud = gcloudSession({ PATH: process.env.PATH, HOME: folder, ...env });
    const policy = { bindings: [{ role: 'roles/secretmanager.viewer', members: ['user:a@example.com'] }] };
    await writeFile(join(folder, 'data'), 'hello');
    await writeFile(join(folder, 'policy.json'), JSON.stringify(policy));
    await writeFile(join(folder, 'claims.json'), '{"a":1}');
    await writeFile(join(folder, 'cert.pem'), (await selfSigned(['DNS:example.com'])).certificate);
    // The first command loads all of gcloud.
    await gcloud.run('version');
  }, 120_000);
  afterAll(async () => {
    await gcloud[Symbol.asyncDispose]();
    await cloud.close();
    await rm(folder, { recursive: true });
  });

  /** Words as a shell takes them. */
  function wordsOf(line: string): string[] {
    const [first = ''] = [...(cloud.run.list('projects/')[0]?.revisions.keys() ?? [])];
    const filled = line.replaceAll('$DIR', folder).replace('$FIRST', first.split('/').at(-1) ?? '');
    return (filled.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map((word) =>
      word.replace(/(["'])(.*?)\1/g, '$2'),
    );
  }

  it.each(COMMANDS)('%s', async (line, output) => {
    const { code, stdout, stderr } = await gcloud.run(...wordsOf(line));
    expect(code, stderr).toBe(0);
    expect(`${stdout}${stderr}`).toContain(output);
  });

  it.each(ABSENT)('%s: is not here', async (line) => {
    const started = performance.now();
    const { stdout, stderr } = await gcloud.run(...wordsOf(line));
    expect(`${stdout}${stderr}`).toMatch(/The local cloud has no /);
    // Most of it is gcloud loading the command; one that asks again takes ten times as long.
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
