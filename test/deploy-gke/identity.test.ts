import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { exchangeToken } from '../helpers/exchange-token.ts';
import { CLIENT_IMAGE, lackingForGke } from '../helpers/kubernetes/gke.ts';
import { CLIENT } from '../helpers/pod-client/image.ts';
import { gkeGround } from './ground.ts';

const execute = promisify(execFile);
const missing = lackingForGke() ?? (find('kubectl').length > 0 ? undefined : 'no kubectl');
/** What the pods ask: what there is in Artifact Registry, which IAM says who may see. */
const URL_OF_REPOSITORIES =
  'http://artifactregistry.googleapis.com/v1/projects/demo-project/locations/us-central1/repositories';
const ANNOTATION = 'iam.gke.io/gcp-service-account';

describe.skipIf(missing)(
  `Workload Identity for pods of a local cluster${missing ? `: ${missing}` : ''}`,
  () => {
    const ground = gkeGround({ client: true });
    const cloud = () => ground.job().cloud;
    const project = 'projects/demo-project';
    const gsa = 'worker@demo-project.iam.gserviceaccount.com';
    const principal = (account: string) =>
      `principal://iam.googleapis.com/projects/${cloud().project.number}/locations/global/workloadIdentityPools/demo-project.svc.id.goog/subject/ns/${ground.namespace()}/sa/${account}`;

    const kubectl = async (...args: readonly string[]) =>
      (await execute('kubectl', args, { env: { ...process.env, KUBECONFIG: ground.kubeconfig() } })).stdout;
    const owner = async (method: string, url: string, body?: object) => {
      const caller = { member: 'user:owner@example.com', memberOf: [], email: 'owner@example.com' };
      const headers = {
        authorization: `Bearer ${cloud().tokens.issue(caller, 600).token}`,
        'content-type': 'application/json',
      };
      return fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    };
    const bind = async (role: string, member: string) => {
      const url = `${cloud().addressOf('iam.googleapis.com')}/v1/${project}/serviceAccounts/${gsa}`;
      const policy = { bindings: [{ role, members: [member] }] };
      const answer = await owner('POST', `${url}:setIamPolicy`, { policy });
      expect(answer.status, await answer.text()).toBe(200);
    };
    /** Starts a pod as a Kubernetes service account. */
    const start = async (account: string, more: object = {}) => {
      const namespace = ground.namespace();
      await kubectl('create', 'namespace', namespace);
      if (account !== 'default') await kubectl('create', 'serviceaccount', account, '--namespace', namespace);
      const overrides = JSON.stringify({
        spec: { serviceAccountName: account, terminationGracePeriodSeconds: 0, ...more },
      });
      await kubectl(
        'run',
        'client',
        `--image=${CLIENT_IMAGE}`,
        '--namespace',
        namespace,
        `--overrides=${overrides}`,
      );
      await kubectl('wait', '--for=condition=Ready', 'pod/client', '--namespace', namespace, '--timeout=60s');
    };
    const inPod = (...command: readonly string[]) =>
      kubectl('exec', 'client', '--namespace', ground.namespace(), '--', ...command);
    /** What the program says that uses Google's library in the pod. */
    const client = async () => JSON.parse(await inPod(...CLIENT, URL_OF_REPOSITORIES)) as Said;
    const metadata = (path: string) =>
      inPod(
        '/busybox',
        'wget',
        '-qO-',
        '--header=Metadata-Flavor: Google',
        `http://169.254.169.254/computeMetadata/v1/${path}`,
      );

    beforeAll(async () => {
      const url = `${cloud().addressOf('iam.googleapis.com')}/v1/${project}/serviceAccounts`;
      expect((await owner('POST', url, { accountId: 'worker' })).status).toBe(200);
      cloud().iam.grant(project, 'roles/artifactregistry.reader', `serviceAccount:${gsa}`);
    });

    it('is the service account that the annotation names, once that lets the pod be it', async () => {
      await start('tasks');
      const namespace = ground.namespace();
      await kubectl('annotate', 'serviceaccount', 'tasks', '--namespace', namespace, `${ANNOTATION}=${gsa}`);
      const refused = await client();
      expect(refused.status).toBe(403);
      expect(refused.data).toContain(
        "Unable to generate access token; IAM returned 403 Forbidden: Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).\nThis error could be caused by a missing IAM policy binding on the target IAM service account.\n",
      );
      await bind(
        'roles/iam.workloadIdentityUser',
        `serviceAccount:demo-project.svc.id.goog[${namespace}/other]`,
      );
      expect(await client()).toMatchObject({ status: 403 });
      await bind(
        'roles/iam.workloadIdentityUser',
        `serviceAccount:demo-project.svc.id.goog[${namespace}/tasks]`,
      );
      expect(await client()).toEqual({ email: gsa, project: 'demo-project', status: 200, data: {} });
      expect((await metadata('instance/service-accounts/default/email')).trim()).toBe(gsa);
      expect(await metadata('instance/service-accounts/')).toBe(`${gsa}/\ndefault/\n`);
      const token = await metadata(
        'instance/service-accounts/default/identity?audience=https://example.com&format=full',
      );
      expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
        ...{ aud: 'https://example.com', email: gsa, email_verified: true },
      });
    });

    it('is itself without an annotation, which IAM knows by its own name', async () => {
      await start('tasks');
      expect(await client()).toMatchObject({
        email: 'demo-project.svc.id.goog',
        status: 403,
        data: { error: { message: expect.stringContaining('artifactregistry.repositories.list') } },
      });
      cloud().iam.grant(project, 'roles/artifactregistry.reader', principal('default'));
      expect(await client()).toMatchObject({ status: 403 });
      const url = `${cloud().addressOf('cloudresourcemanager.googleapis.com')}/v3/${project}`;
      const policy = (await (await owner('POST', `${url}:getIamPolicy`, {})).json()) as {
        bindings: object[];
      };
      const bindings = [
        ...policy.bindings,
        { role: 'roles/artifactregistry.reader', members: [principal('tasks')] },
      ];
      const answer = await owner('POST', `${url}:setIamPolicy`, { policy: { ...policy, bindings } });
      expect(answer.status, await answer.text()).toBe(200);
      expect(await client()).toMatchObject({ status: 200, data: {} });
    });

    it('is the account of the node for a program in its network', async () => {
      await start('default', { hostNetwork: true });
      const email = `${cloud().project.number}-compute@developer.gserviceaccount.com`;
      expect(await metadata('instance/service-accounts/default/email')).toBe(email);
      expect((await client()).email).toBe(email);
    });

    it('takes no token of another cluster, audience or issuer', async () => {
      await start('tasks');
      const path = `/api/v1/namespaces/${ground.namespace()}/serviceaccounts/tasks/token`;
      const tokenFor = async (audience: string) => {
        const made = await ground.api('POST', path, { spec: { audiences: [audience] } });
        return (made as { status: { token: string } }).status.token;
      };
      const cluster = `https://container.googleapis.com/v1/${project}/locations/us-central1/clusters/main`;
      const exchange = async (token: string, audience: string) => {
        const { error_description: said, access_token: given } = await exchangeToken(
          cloud(),
          token,
          audience,
        );
        return said ?? typeof given;
      };
      const pool = 'demo-project.svc.id.goog';
      const good = await tokenFor(pool);
      expect(await exchange(good, `identitynamespace:${pool}:${cluster}`)).toBe('string');
      expect(await exchange(good, `identitynamespace:other.svc.id.goog:${cluster}`)).toContain('is invalid');
      expect(await exchange(good, `identitynamespace:${pool}:${cluster}2`)).toContain('is invalid');
      expect(
        await exchange(await tokenFor('https://example.com'), `identitynamespace:${pool}:${cluster}`),
      ).toContain('does not match the expected audience');
      const [header, claims = ''] = good.split('.');
      const forged = JSON.parse(Buffer.from(claims, 'base64url').toString());
      const other = { ...forged, sub: `system:serviceaccount:${ground.namespace()}:other` };
      const changed = [
        header,
        Buffer.from(JSON.stringify(other)).toString('base64url'),
        good.split('.')[2],
      ].join('.');
      expect(await exchange(changed, `identitynamespace:${pool}:${cluster}`)).toBe(
        'Unable to verify the ID Token signature.',
      );
    });
  },
);

interface Said {
  readonly email?: string;
  readonly project?: string;
  readonly status?: number;
  readonly data?: unknown;
}
