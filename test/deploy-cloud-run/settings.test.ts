import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gcloudRun, hasGcloud } from '../helpers/gcloud/gcloud-run.ts';
import { type Job, startJob } from '../helpers/job.ts';
import { addSecret, buildApp, IMAGE, revisions, type Shown, show, workspace } from '../helpers/run-job.ts';

// needs: base-image
// takes minutes

const BASE = process.env.GANGWAY_BASE_IMAGE;
const RUNTIME = '123456789012-compute@developer.gserviceaccount.com';

describe('deploy-cloud-run, before any request', () => {
  const good = { service: 'app', region: 'us-central1', image: `${IMAGE}:v1` };

  it.each([
    [{ ...good, job: 'batch' }, 'a step deploys one thing; keep service or job'],
    [{ region: 'us-central1' }, 'Input "service" is required and was empty.'],
    [{ ...good, env_vars_update_strategy: 'replace' }, 'write one of merge, overwrite'],
    [{ ...good, secrets: '/secret=a:1' }, 'write the path of a file in a folder'],
    [{ ...good, secrets: 'PORT=a:1' }, 'Cloud Run sets PORT itself'],
    [{ ...good, labels: 'Team=a' }, 'Input "labels" is not valid: "Team=a"'],
    [{ ...good, startup_probe: 'exec.command=ls' }, 'write what gcloud takes'],
    [
      { ...good, liveness_probe: 'httpGet.path=/a,tcpSocket.port=1' },
      'it asks by one of httpGet, tcpSocket and grpc',
    ],
    [{ ...good, startup_probe: 'httpGet.path=/a,periodSeconds=0' }, 'write a whole number of 1 or more'],
    [{ ...good, ingress: 'private' }, 'write one of all, internal, internal-and-cloud-load-balancing'],
    [{ ...good, cpu_boost: 'yes' }, 'write true or false'],
    [{ ...good, execution_environment: 'gen3' }, 'write one of gen1, gen2'],
    [{ ...good, vpc_connector: 'c', network: 'default' }, 'keep one'],
    [{ ...good, cloudsql_instances: 'db' }, 'PROJECT:REGION:INSTANCE'],
    [{ ...good, sidecars: '- image: a' }, 'Input "sidecars":1 ([0]): a sidecar needs a name and an image'],
    [{ ...good, sidecars: '- name: a\n  imgae: b' }, 'did you mean "image"'],
    [{ ...good, traffic: '101' }, 'write a whole number from 0 to 100'],
    [{ ...good, traffic: '10', no_traffic: 'true' }, "it can't go with traffic"],
    [{ ...good, revision_traffic: 'a=60,b=50' }, 'add up to 110'],
    [{ ...good, tag: 'A' }, 'Input "tag" is not valid: "A"'],
    [{ ...good, check_url: 'healthz' }, 'write a path such as /healthz'],
    [{ ...good, tasks: '2' }, 'Input "tasks" does not apply to a service.'],
    [
      { job: 'batch', region: 'us-central1', image: `${IMAGE}:v1`, concurrency: '2' },
      'Input "concurrency" does not apply to a job.',
    ],
    [{ ...good, metadata: 'nowhere.yaml' }, 'Input "metadata" is not valid: "nowhere.yaml"'],
    // What deploy-cloudrun has and this has not, or what is nearly one of its own.
    [
      { ...good, flags: '--cpu=2 --set-env-vars=A=b' },
      'for --cpu write cpu; for --set-env-vars write env_vars, with env_vars_update_strategy: overwrite',
    ],
    [{ ...good, source: '.' }, 'build the image before, with build-and-push'],
    [{ ...good, skip_default_labels: 'true' }, 'This action has no input "skip_default_labels".'],
    [{ ...good, update_traffic_flags: '--to-latest' }, 'for --to-latest write traffic: 100'],
    [{ ...good, gcloud_version: '290.0.1' }, 'the action needs no gcloud'],
    [{ ...good, gcloud_component: 'beta' }, 'the action needs no gcloud'],
    [{ ...good, credentials: 'e30=' }, 'write credentials_json'],
    [{ ...good, 'env-vars': 'A=1' }, 'write env_vars in place of env-vars'],
    [{ ...good, envvars: 'A=1' }, 'write env_vars in place of envvars'],
    [{ ...good, env_vars: 'A=1\nB=\\d' }, 'line 2 gives B a backslash that would be taken out'],
    [{ ...good, env_vars: 'A=1\nFOO' }, 'Input "env_vars" is not valid: line 2 is not NAME=VALUE.'],
    [{ ...good, env_vars_file: 'no.env' }, 'Input "env_vars_file" is not valid: "no.env" can\'t be read'],
    [{ ...good, labels: 'größe=Groß' }, 'Input "labels" is not valid: "größe=Groß"'],
  ])('refuses %o', async (inputs, message) => {
    await using job = await startJob();
    const requests = await job.requests(async () => {
      const { annotations } = await job.step('deploy-cloud-run', inputs, { fails: true });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests).toEqual([]);
  });

  it.each([
    [
      'kind: Service\nmetadata:\n  nmae: app\n',
      'service.yaml:3 (metadata): "nmae" is not a field that Cloud Run knows in metadata',
      'did you mean "name"',
    ],
    ['kind: Route\n', 'service.yaml:1 (kind): "Route" is none of Service, Job', ''],
    ['kind: [Service\n', 'service.yaml:', 'fix the YAML'],
    [
      'kind: Service\nspec:\n  template:\n    spec:\n      containers:\n        - image: a\n          resources: { limits: 3 }\n',
      'service.yaml:7 (spec.template.spec.containers[0].resources.limits): an object is needed here',
      '',
    ],
    [
      'kind: Service\nmetadata:\n  annotations:\n    run.googleapis.com/ingres: all\n',
      'the annotation run.googleapis.com/ingres is not known here',
      'run.googleapis.com/ingress',
    ],
  ])('refuses the file %j', async (text, message, cure) => {
    await using job = await startJob();
    await using folder = await workspace({ 'service.yaml': text });
    const inputs = { ...good, metadata: 'service.yaml' };
    const requests = await job.requests(async () => {
      const { annotations } = await job.step('deploy-cloud-run', inputs, {
        fails: true,
        workspace: folder.path,
      });
      expect(annotations[0]?.message).toContain(message);
      expect(annotations[0]?.message).toContain(cure);
    });
    expect(requests).toEqual([]);
  });
});

describe.skipIf(!BASE)(
  'the settings of deploy-cloud-run with a Docker engine (npm test prepares one)',
  () => {
    let job: Job;
    let image: string;
    const at = { service: 'app', region: 'us-central1' };

    beforeAll(async () => {
      job = await startJob();
      image = await buildApp(job, BASE ?? '');
    });
    afterAll(() => job[Symbol.asyncDispose]());

    const everything = {
      env_vars:
        'GREETING=hi, there,COLOUR=red,\nQUOTED=" a "\nLIST=a\\,B=c\nORIGINS="https://a","https://b",app.log-level=x,,\nKEY="""\n{\n  "a": "\\n"\n}\n"""',
      secrets: 'PASSWORD=db:latest\n/secrets/db/password=db:1',
      labels: 'team=a,größe=groß',
      cpu: '2',
      memory: '1Gi',
      min_instances: '1',
      max_instances: '3',
      concurrency: '20',
      port: '9000',
      request_timeout: '2m',
      startup_probe: 'httpGet.path=/ready,periodSeconds=2,failureThreshold=10',
      liveness_probe: 'httpGet.path=/live',
      cpu_throttling: 'false',
      cpu_boost: 'true',
      session_affinity: 'true',
      execution_environment: 'gen2',
      description: 'says hello',
      ingress: 'internal',
      network: 'default',
      subnet: 'default',
      network_tags: 'web',
      vpc_egress: 'all-traffic',
      cloudsql_instances: 'demo-project:us-central1:db',
      invokers: 'allUsers',
    };

    it('explains a secret that the runtime account may not read, with the command that lets it', async () => {
      await addSecret(job, 'db', 'sesame-open');
      const inputs = { ...at, image, secrets: 'PASSWORD=db:latest' };
      const { annotations } = await job.step('deploy-cloud-run', inputs, { fails: true });
      expect(annotations[0]?.message).toMatch(
        /Revision 'app-00001-\w+' is not ready.*Permission denied on secret/,
      );
      expect(annotations[0]?.message).toContain('(SECRETS_ACCESS_CHECK_FAILED)');
      expect(annotations[0]?.message).toContain(
        `gcloud secrets add-iam-policy-binding db --project=demo-project --member="serviceAccount:${RUNTIME}" --role=roles/secretmanager.secretAccessor`,
      );
      job.cloud.iam.grant(
        'projects/demo-project/secrets/db',
        'roles/secretmanager.secretAccessor',
        `serviceAccount:${RUNTIME}`,
      );
      const { outputs } = await job.step('deploy-cloud-run', inputs);
      expect(outputs.revision).toMatch(/^app-00002-/);
    });

    it('sets them all, says what changes without the values, and the container sees them', async () => {
      const { outputs, log, summary, annotations } = await job.step(
        'deploy-cloud-run',
        { ...at, image, ...everything },
        { secrets: ['sesame-open'] },
      );
      expect(annotations.map(({ message }) => message)).toEqual([
        expect.stringContaining('Input "env_vars": the commas in the value of GREETING are part of it'),
      ]);
      expect(log).toContain('+ template.containers[0].env[COLOUR]: (a value)');
      expect(log).toContain('~ template.containers[0].resources.limits.cpu: 1000m → 2000m');
      expect(log).toContain('~ ingress: INGRESS_TRAFFIC_ALL → INGRESS_TRAFFIC_INTERNAL_ONLY');
      expect(summary).toContain(
        'https://console.cloud.google.com/run/detail/us-central1/app/revisions?project=demo-project',
      );
      expect(summary).toMatch(
        new RegExp(
          `\\| \`app-00002-\\w+\` \\| 100% \\| – \\|\n\\| \`${outputs.revision}\` \\| – \\| 100% \\|`,
        ),
      );
      const env = (await (await fetch(outputs.url ?? '')).json()) as Record<string, string>;
      expect(env).toMatchObject({
        GREETING: 'hi, there',
        COLOUR: 'red',
        QUOTED: ' a ',
        LIST: 'a,B=c',
        ORIGINS: '"https://a","https://b"',
        'app.log-level': 'x',
        KEY: '{\n  "a": "\\n"\n}',
        PASSWORD: 'sesame-open',
        PORT: '9000',
      });
      expect(await (await fetch(`${outputs.url}/file/secrets/db/password`)).text()).toBe('sesame-open');
      const { template, labels } = await show(job, 'services/app');
      expect(labels).toEqual({
        team: 'a',
        größe: 'groß',
        'created-by': 'gangway',
        'managed-by': 'github-actions',
        'commit-sha': '0123456789abcdef0123456789abcdef01234567',
      });
      expect(template).toMatchObject({
        labels: { team: 'a', größe: 'groß' },
        timeout: '120s',
        maxInstanceRequestConcurrency: 20,
        scaling: { minInstanceCount: 1, maxInstanceCount: 3 },
        sessionAffinity: true,
        executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
        vpcAccess: {
          egress: 'ALL_TRAFFIC',
          networkInterfaces: [{ network: 'default', subnetwork: 'default', tags: ['web'] }],
        },
        containers: [
          {
            ports: [{ containerPort: 9000 }],
            resources: { limits: { cpu: '2000m', memory: '1Gi' }, startupCpuBoost: true },
            startupProbe: { httpGet: { path: '/ready', port: 9000 }, periodSeconds: 2, failureThreshold: 10 },
            livenessProbe: { httpGet: { path: '/live', port: 9000 } },
          },
        ],
      });
      expect(JSON.stringify(template)).toContain('"instances":["demo-project:us-central1:db"]');
    });

    it('finds all of it unchanged the second time, in two questions', async () => {
      const before = await revisions(job, 'app');
      const requests = await job.requests(async () => {
        const { outputs } = await job.step('deploy-cloud-run', { ...at, image, ...everything });
        expect(outputs.changed).toBe('false');
      });
      const own = requests.filter((request) => !/idtoken|\/v1\/token|generateAccessToken/.test(request));
      expect(own).toHaveLength(2);
      expect(await revisions(job, 'app')).toEqual(before);
    });

    it.skipIf(!hasGcloud)('takes what gcloud exports of it for the same service', async () => {
      const stdout = await gcloudRun(job, 'services', 'describe', 'app', '--format=export');
      await using folder = await workspace({ 'app.yaml': stdout });
      const inputs = { region: 'us-central1', metadata: 'app.yaml', dry_run: 'true' };
      const { log } = await job.step('deploy-cloud-run', inputs, { workspace: folder.path });
      expect(log).toContain('app already runs this image with these settings.');
    });

    it('merges by default, overwrites where told, and empties by {}', async () => {
      const names = async () => {
        const { template } = await show(job, 'services/app');
        return template.containers[0]?.env?.map(({ name }) => name).sort();
      };
      await job.step('deploy-cloud-run', { ...at, env_vars: 'NEW=1' });
      expect(await names()).toEqual([
        ...['COLOUR', 'GREETING', 'KEY', 'LIST', 'NEW', 'ORIGINS', 'PASSWORD', 'QUOTED', 'app.log-level'],
      ]);
      await job.step('deploy-cloud-run', { ...at, env_vars: 'NEW=2', env_vars_update_strategy: 'overwrite' });
      expect(await names()).toEqual(['NEW', 'PASSWORD']);
      await job.step('deploy-cloud-run', {
        ...at,
        secrets: '{}',
        labels: '{}',
        cloudsql_instances: 'none',
        network: 'none',
      });
      expect(await names()).toEqual(['NEW']);
      const { template, labels } = await show(job, 'services/app');
      expect(labels ?? {}).toEqual({});
      expect(template.volumes ?? []).toEqual([]);
      expect(template.vpcAccess).toBeUndefined();
    });

    it('shows what a dry run would change, and changes nothing', async () => {
      const before = await show(job, 'services/app');
      const { log, outputs, summary } = await job.step('deploy-cloud-run', {
        ...at,
        memory: '2Gi',
        dry_run: 'true',
      });
      expect(log).toContain('~ template.containers[0].resources.limits.memory: 1Gi → 2Gi');
      expect(summary).toContain('Dry run');
      expect(outputs.changed).toBe('false');
      expect(await show(job, 'services/app')).toEqual(before);
      const refused = await job.step(
        'deploy-cloud-run',
        { ...at, runtime_service_account: 'nobody@demo-project.iam.gserviceaccount.com', dry_run: 'true' },
        { fails: true },
      );
      expect(refused.annotations[0]?.message).toMatch(/actAs/i);
    });

    it('runs sidecars in front, and takes them away again', async () => {
      const sidecars = `- name: helper
  image: ${image}
  env: [{ name: PORT_TO_USE, value: "9100" }]
  command: [python3, -m, http.server, "9100", --directory, /etc]
  startupProbe: { tcpSocket: { port: 9100 }, periodSeconds: 5 }`;
      const pair = { ...at, service: 'pair', image, sidecars, depends_on: 'helper', invokers: 'allUsers' };
      const { outputs } = await job.step('deploy-cloud-run', pair);
      expect((await fetch(outputs.url ?? '')).status).toBe(200);
      const { template } = await show(job, 'services/pair');
      expect(template.containers).toMatchObject([
        { name: 'main', dependsOn: ['helper'] },
        { name: 'helper' },
      ]);
      expect((await job.step('deploy-cloud-run', pair)).outputs.changed).toBe('false');
      await job.step('deploy-cloud-run', { ...at, service: 'pair', sidecars: '[]', depends_on: 'none' });
      expect((await show(job, 'services/pair')).template.containers).toHaveLength(1);
    });

    it('takes a whole service out of a file, and a file that says the same changes nothing', async () => {
      await using folder = await workspace({ 'service.yaml': serviceFile(image) });
      const inputs = { region: 'us-central1', metadata: 'service.yaml' };
      const first = await job.step('deploy-cloud-run', inputs, { workspace: folder.path });
      expect(first.outputs.changed).toBe('true');
      expect(first.outputs.revision).toMatch(/^filed-00001-/);
      expect(await show<Shown & Record<string, unknown>>(job, 'services/filed')).toMatchObject({
        ingress: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
        description: 'out of a file',
        labels: { team: 'b' },
        scaling: { minInstanceCount: 1 },
        annotations: { 'example.com/owner': 'someone' },
        template: {
          timeout: '60s',
          maxInstanceRequestConcurrency: 7,
          scaling: { minInstanceCount: 1, maxInstanceCount: 4 },
          serviceAccount: RUNTIME,
          vpcAccess: {
            connector: 'projects/p/locations/us-central1/connectors/c',
            egress: 'PRIVATE_RANGES_ONLY',
          },
          volumes: [
            { name: 'tmp', emptyDir: { medium: 'MEMORY', sizeLimit: '8Mi' } },
            { name: 'cloudsql', cloudSqlInstance: { instances: ['p:us-central1:db'] } },
          ],
          containers: [
            {
              name: 'web',
              dependsOn: ['side'],
              env: [{ name: 'A', value: '1' }],
              resources: { startupCpuBoost: true, limits: { memory: '256Mi' } },
              volumeMounts: [
                { name: 'tmp', mountPath: '/tmp/shared' },
                { name: 'cloudsql', mountPath: '/cloudsql' },
              ],
            },
            { name: 'side' },
          ],
        },
      });
      const again = await job.step('deploy-cloud-run', inputs, { workspace: folder.path });
      expect(again.outputs.changed).toBe('false');
      expect(await revisions(job, 'filed')).toHaveLength(1);
    });
  },
);

function serviceFile(image: string): string {
  return `apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: filed
  namespace: '123456789012'
  labels: { team: b, cloud.googleapis.com/location: us-central1 }
  annotations:
    run.googleapis.com/ingress: internal-and-cloud-load-balancing
    run.googleapis.com/ingress-status: all
    run.googleapis.com/description: out of a file
    run.googleapis.com/minScale: '1'
    example.com/owner: someone
spec:
  template:
    metadata:
      annotations:
        autoscaling.knative.dev/minScale: '1'
        autoscaling.knative.dev/maxScale: '4'
        run.googleapis.com/cpu-throttling: 'false'
        run.googleapis.com/startup-cpu-boost: 'true'
        run.googleapis.com/cloudsql-instances: p:us-central1:db
        run.googleapis.com/vpc-access-connector: projects/p/locations/us-central1/connectors/c
        run.googleapis.com/vpc-access-egress: private-ranges-only
        run.googleapis.com/container-dependencies: '{"web":["side"]}'
        run.googleapis.com/client-name: gcloud
    spec:
      containerConcurrency: 7
      timeoutSeconds: 60
      serviceAccountName: ${RUNTIME}
      containers:
        - name: web
          image: ${image}
          ports: [{ name: http1, containerPort: 8080 }]
          env: [{ name: A, value: '1' }]
          resources: { limits: { cpu: 1000m, memory: 256Mi } }
          volumeMounts: [{ name: tmp, mountPath: /tmp/shared }]
        - name: side
          image: ${image}
          command: [python3, -m, http.server, '9100']
          startupProbe: { tcpSocket: { port: 9100 }, periodSeconds: 5, timeoutSeconds: 1 }
      volumes:
        - name: tmp
          emptyDir: { medium: Memory, sizeLimit: 8Mi }
  traffic:
    - percent: 100
      latestRevision: true
`;
}
