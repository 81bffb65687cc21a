import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchangeToken } from '../helpers/exchange-token.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { type GkeCluster, lackingForGke, startGke } from '../helpers/kubernetes/gke.ts';
import { pathWithPlugin } from '../helpers/kubernetes/gke-client.ts';
import { pushProgram } from '../helpers/push-image.ts';
import { readGuide } from './guide.ts';

// needs: gcloud
// takes minutes

const execute = promisify(execFile);
const missing =
  lackingForGke() ??
  ['gcloud', 'kubectl'].filter((name) => find(name).length === 0).map((name) => `no ${name}`)[0];
const GUIDE = new URL('../../docs/how-to/kubernetes-identities.md', import.meta.url);
const IMAGE = 'us-central1-docker.pkg.dev/my-project/tasks/task';
const [BLOB, TYPE] = ['blobs/uploads/', 'application/octet-stream'];

describe.skipIf(missing)(`the guide to identities on GKE${missing ? `: ${missing}` : ''}`, () => {
  let job: Job;
  let gke: GkeCluster;
  let folder: string;
  let env: Record<string, string | undefined>;
  let image: string;
  const shell = async (script: string) =>
    (await execute('bash', ['-euo', 'pipefail', '-c', script], { env })).stdout;

  beforeAll(async () => {
    job = await startJob({ project: 'my-project', job: { repository: 'my-org/my-repository' } });
    // Of what the repository's jobs may do in other tests, nothing: here they have what the guide gives them.
    const { iam, project } = job.cloud;
    const path = `projects/${project.id}`;
    const bindings = iam.get(path).bindings.map(({ members, ...binding }) => ({
      ...binding,
      members: members.filter((member) => !member.startsWith('principalSet:')),
    }));
    iam.set(path, { bindings });
    gke = await startGke(job.cloud);
    folder = await mkdtemp(join(tmpdir(), 'gangway-guide-'));
    env = { PATH: await pathWithPlugin(join(folder, 'plugin')), HOME: folder, ...job.exports };
    await shell(readGuide(GUIDE).script);
    const programs = join(folder, 'bin');
    await mkdir(programs);
    for (const name of ['wget', 'sleep']) await copyFile(find('busybox')[0] ?? '', join(programs, name));
    image = `${IMAGE}@${(await pushProgram(job, IMAGE, programs)).digest}`;
  });
  afterAll(async () => {
    await gke?.[Symbol.asyncDispose]();
    await job?.[Symbol.asyncDispose]();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** Runs a program in a pod of an account, whose image the node pulls. */
  const inPod = async (namespace: string, account: string, command: string) => {
    const pod = `--namespace=${namespace} ${account}`;
    await shell(`kubectl get pod ${pod} || kubectl run ${pod} --image=${image} --command \\
      --overrides='{"spec": {"serviceAccountName": "${account}", "terminationGracePeriodSeconds": 0}}' -- /bin/sleep 3600
      kubectl wait --for=condition=Ready --timeout=60s --namespace=${namespace} pod/${account}`);
    return shell(`kubectl exec ${pod} -- ${command}`);
  };
  const METADATA = 'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default';
  const read = (namespace: string, account: string, what: string) =>
    inPod(namespace, account, `/bin/wget -qO- --header='Metadata-Flavor: Google' ${METADATA}/${what}`);
  const token = async (namespace: string, account: string) =>
    (JSON.parse(await read(namespace, account, 'token')) as { access_token: string }).access_token;
  /** The status of a request to the registry, and what it says. */
  const registry = async (bearer: string, method: string, path: string) => {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': TYPE };
    const response = await fetch(`${job.cloud.origin}/v2/${path}`, { method, headers });
    return { status: response.status, said: await response.text() };
  };

  it.each([
    ['flyte', 'flyteadmin', 'flyteadmin'],
    ['flyte', 'flytepropeller', 'flytepropeller'],
    ['flytesnacks-development', 'default', 'flyteworkers'],
    ['flytesnacks-production', 'default', 'flyteworkers'],
  ])('makes a pod of %s that runs as %s the service account %s', async (namespace, account, name) => {
    const email = `${name}@my-project.iam.gserviceaccount.com`;
    expect((await read(namespace, account, 'email')).trim()).toBe(email);
    expect(job.cloud.tokens.verify(await token(namespace, account))).toMatchObject({ email });
  });

  it('makes nobody else one of them', async () => {
    await shell('kubectl create namespace elsewhere');
    await shell(
      'kubectl annotate serviceaccount default --namespace=elsewhere iam.gke.io/gcp-service-account=flyteworkers@my-project.iam.gserviceaccount.com',
    );
    await expect(token('elsewhere', 'default')).rejects.toThrow('HTTP/1.1 403');
  });

  it('lets a Kubernetes service account read images by its own name', async () => {
    const reports = await token('flytesnacks-development', 'reports');
    expect(await registry(reports, 'GET', `${IMAGE}/tags/list`)).toMatchObject({ status: 200 });
    const worker = await token('flytesnacks-development', 'default');
    expect(await registry(worker, 'GET', `${IMAGE}/tags/list`)).toMatchObject({ status: 403 });
  });

  it('lets the node pull and not push, and the job push and not run anything', async () => {
    const { cloud } = job;
    const email = `${cloud.project.number}-compute@developer.gserviceaccount.com`;
    const node = { member: `serviceAccount:${email}`, memberOf: ['allAuthenticatedUsers'], email };
    const puller = cloud.tokens.issue(node, 600).token;
    expect(await registry(puller, 'GET', `${IMAGE}/manifests/${image.split('@')[1]}`)).toMatchObject({
      status: 200,
    });
    const refused = await registry(puller, 'POST', `${IMAGE}/${BLOB}`);
    expect(refused.status).toBe(403);
    expect(refused.said).toContain('artifactregistry.repositories.uploadArtifacts');
    const pusher = await federated(job);
    expect(await registry(pusher, 'POST', `${IMAGE}/${BLOB}`)).toMatchObject({ status: 202 });
    const clusters = `${cloud.origin}/container/v1/projects/my-project/locations/-/clusters`;
    const answer = await fetch(clusters, { headers: { authorization: `Bearer ${pusher}` } });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('container.clusters.list');
    // Each without the role that the guide gives it.
    const repository = 'projects/my-project/locations/us-central1/repositories/tasks';
    const { bindings } = cloud.iam.get(repository);
    cloud.iam.set(repository, { bindings: [] });
    expect(await registry(pusher, 'POST', `${IMAGE}/${BLOB}`)).toMatchObject({ status: 403 });
    expect(await registry(puller, 'GET', `${IMAGE}/manifests/${image.split('@')[1]}`)).toMatchObject({
      status: 403,
    });
    cloud.iam.set(repository, { bindings });
  });
});

/** The access token of a job on GitHub, by the provider alone. */
async function federated({ exports, cloud }: Job): Promise<string> {
  const audience = `//iam.googleapis.com/${exports.GANGWAY_WORKLOAD_IDENTITY_PROVIDER}`;
  const asked = `${exports.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=${encodeURIComponent(`https:${audience}`)}`;
  const headers = { authorization: `Bearer ${exports.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` };
  const { value } = (await (await fetch(asked, { headers })).json()) as { value: string };
  const { access_token: token } = await exchangeToken(cloud, value, audience);
  if (!token) throw new Error('no token for the job');
  return token;
}
