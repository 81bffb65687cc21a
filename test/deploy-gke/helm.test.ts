import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { find } from '@gangway/engine';
import { describe, expect, it } from 'vitest';
import { secretsOf } from '../helpers/job.ts';
import { lackingForGke } from '../helpers/kubernetes/gke.ts';
import { leaksIn } from '../helpers/leaks.ts';
import { processesWith, processIds } from '../helpers/processes.ts';
import { pushProgram } from '../helpers/push-image.ts';
import { chart } from './chart.ts';
import { gkeGround } from './ground.ts';

// needs: helm
// takes minutes

const execute = promisify(execFile);
const missing =
  lackingForGke() ?? (find('helm').length > 0 ? undefined : 'helm (npm run test:full builds it)');

describe.skipIf(missing)(`a Helm chart on a real cluster${missing ? `: ${missing}` : ''}`, () => {
  const ground = gkeGround();
  const images = new Map<string, string>();
  const RELEASE = { manifests: '', chart: 'chart', release: 'web' };

  /** An image in the local registry, by digest, that the nodes may pull. */
  const pushed = async (name: string): Promise<string> => {
    const known = images.get(name);
    if (known) return known;
    const { cloud, project } = ground.job();
    const image = `us-central1-docker.pkg.dev/${project}/helm/${name}`;
    if (images.size === 0) await ground.makeRepository('helm');
    const { digest } = await pushProgram(ground.job(), image, find('busybox')[0] ?? '');
    const node = `serviceAccount:${cloud.project.number}-compute@developer.gserviceaccount.com`;
    const repository = `projects/${project}/locations/us-central1/repositories/helm`;
    cloud.iam.grant(repository, 'roles/artifactregistry.reader', node);
    images.set(name, `${image}@${digest}`);
    return `${image}@${digest}`;
  };
  const upgrade = (
    files: Readonly<Record<string, string>>,
    inputs: Readonly<Record<string, string>>,
    options?: Parameters<typeof ground.apply>[2],
  ) => ground.apply(files, { ...RELEASE, ...inputs }, options);
  const helm = async (...args: readonly string[]) =>
    (
      await execute('helm', [
        ...args,
        `--namespace=${ground.namespace()}`,
        '--kubeconfig',
        ground.kubeconfig(),
      ])
    ).stdout;

  it('is installed with the image by digest, upgraded, left as it is, and looked at by helm', async () => {
    const image = await pushed('app');
    const files = { ...chart(), 'prod.yaml': 'replicaCount: 2\n' };
    const first = await upgrade(files, { image, values: 'prod.yaml', set: 'level=a,b={c}\nlabel=12' });
    expect(first.outputs).toMatchObject({ changed: 'true', revision: '1', images: image });
    expect(first.outputs.applied?.split('\n').sort()).toEqual(['deployment.apps/web', 'secret/web']);
    expect(first.summary).toContain('Revision');
    expect(await ground.imageOf('web')).toBe(image);
    const live = await ground.deployment('web');
    expect(live?.status.availableReplicas).toBe(2);
    expect(JSON.stringify(live?.spec)).toContain('"a,b={c}"');

    const verbs = await ground.verbs(async () => {
      const again = await upgrade(files, { image, values: 'prod.yaml', set: 'level=a,b={c}\nlabel=12' });
      expect(again.outputs).toMatchObject({ changed: 'false', applied: '', revision: '1' });
    });
    expect(verbs.filter((verb) => !['get', 'list'].includes(verb))).toEqual([]);

    const dry = await upgrade(files, { image, values: 'prod.yaml', set: 'level=debug', dry_run: 'true' });
    expect(dry.outputs).toMatchObject({ changed: 'false', applied: 'deployment.apps/web', revision: '1' });
    expect(dry.log).toContain('deployment.apps/web');
    const second = await upgrade(files, { image, set: 'level=debug' });
    expect(second.outputs).toMatchObject({ changed: 'true', revision: '2', applied: 'deployment.apps/web' });
    expect(JSON.parse(await helm('list', '--output=json'))).toMatchObject([
      { name: 'web', revision: '2', status: 'deployed', chart: 'web-0.1.0' },
    ]);
  });

  it('repairs what somebody has changed behind its back', async () => {
    const image = await pushed('app');
    await upgrade(chart(), { image });
    const namespace = ground.namespace();
    await ground.api('PUT', `/apis/apps/v1/namespaces/${namespace}/deployments/web/scale`, {
      ...{ apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web', namespace } },
      spec: { replicas: 0 },
    });
    const { outputs } = await upgrade(chart(), { image });
    expect(outputs).toMatchObject({ changed: 'true', revision: '2' });
    expect((await ground.deployment('web'))?.status.availableReplicas).toBe(1);
  });

  it.each([
    ['a text', 'web: { image: "nginx:1" }', '{{ .Values.web.image | quote }}', 'web.image'],
    [
      'registry, repository and digest',
      'image: { registry: docker.io, repository: nginx, tag: "1", digest: "" }',
      '"{{ .Values.image.registry }}/{{ .Values.image.repository }}@{{ .Values.image.digest }}"',
      '',
    ],
  ])('is told its image as %s', async (_, values, template, image_value) => {
    const image = await pushed('app');
    await upgrade(chart({ image: values, template }), { image, image_value });
    expect(await ground.imageOf('web')).toBe(image);
  });

  it('goes back to the revision before when the pods do not get ready, and says what keeps them', async () => {
    const image = await pushed('app');
    await upgrade(chart(), { image });
    const { log, annotations } = await upgrade(
      chart(),
      { image, timeout: '8s', set: 'run=echo no database; exit 3' },
      { fails: true },
    );
    const said = annotations.map(({ message }) => message).join('\n');
    expect(said, log).toContain('no database');
    expect(said).toContain('The release web was rolled back to revision 1, whose pods are ready.');
    expect(said).toContain('fix what the log above shows');
    expect(JSON.parse(await helm('list', '--output=json'))).toMatchObject([
      { revision: '3', status: 'deployed' },
    ]);
    expect((await ground.deployment('web'))?.status.availableReplicas).toBe(1);
  });

  it('is uninstalled when its first revision never ran, unless that is to stay', async () => {
    const image = await pushed('app');
    const broken = { image, timeout: '6s', set: 'run=exit 3' };
    const first = await upgrade(chart(), { ...broken, rollback: 'false' }, { fails: true });
    expect(first.annotations.map(({ message }) => message).join('\n')).not.toContain('uninstalled');
    expect(JSON.parse(await helm('list', '--all', '--output=json'))).toMatchObject([{ status: 'failed' }]);
    await helm('uninstall', 'web');
    const second = await upgrade(chart(), broken, { fails: true });
    expect(second.annotations.map(({ message }) => message).join('\n')).toContain(
      'The release web was uninstalled',
    );
    expect(JSON.parse(await helm('list', '--all', '--output=json'))).toEqual([]);
  });

  it('is marked as failed when the step is cancelled, so that the next deploy goes on', async () => {
    const image = await pushed('app');
    await upgrade(chart(), { image });
    const cancel = new AbortController();
    const status = async () => {
      const [release] = JSON.parse(await helm('list', '--all', '--output=json'));
      return `${release?.revision} ${release?.status}`;
    };
    const cancelled = upgrade(chart(), { image, set: 'run=exit 3' }, { fails: true, signal: cancel.signal });
    await expect.poll(status, { timeout: 60_000, interval: 500 }).toBe('2 pending-upgrade');
    cancel.abort();
    expect((await cancelled).annotations.at(-1)?.message).toContain('The step was cancelled.');
    expect(await status()).toBe('2 failed');
    const { outputs } = await upgrade(chart(), { image });
    expect(outputs).toMatchObject({ changed: 'true', revision: '3' });
  });

  it('runs its hooks first, and tells the log of one that fails', async () => {
    const image = await pushed('app');
    await upgrade(chart(), { image });
    const files = chart({ hook: 'echo no such table; exit 4' });
    const { annotations } = await upgrade(files, { image, set: 'level=debug' }, { fails: true });
    const said = annotations.map(({ message }) => message).join('\n');
    expect(said).toContain('no such table');
    expect(JSON.stringify((await ground.deployment('web'))?.spec)).not.toContain('debug');
  });

  it('shows no value, and leaves no kubeconfig, token or file of values behind', async () => {
    const image = await pushed('app');
    const secret = 'pa55-word-of-the-database';
    const options = {
      secrets: [secret],
      env: { HELM_KUBEAPISERVER: 'https://127.0.0.1:9', HELM_NAMESPACE: 'other' },
    };
    const shown = new Set<string>();
    const others = new Set(processIds());
    const sampling = setInterval(() => {
      for (const { command, environment } of processesWith(ground.job().temp, others))
        if (command.startsWith('helm ')) shown.add(`${command}\n${environment}`);
    }, 15);
    const { log, summary } = await upgrade(chart(), { image, set: `password=${secret}` }, options);
    clearInterval(sampling);
    expect(shown.size, 'helm was seen while it ran').toBeGreaterThan(0);
    expect(leaksIn([...shown].join('\n'), [...secretsOf(ground.job().cloud), secret])).toEqual([]);
    expect(`${log}${summary}`).not.toContain(secret);
    const path = `/api/v1/namespaces/${ground.namespace()}/secrets/web`;
    expect((await ground.get(path))?.data).toEqual({ password: Buffer.from(secret).toString('base64') });
    expect(await ground.leftBehind()).toEqual([]);
  });

  it('is refused without helm, before anything is asked of anybody', async () => {
    const { log, annotations } = await upgrade(
      chart(),
      {
        workload_identity_provider:
          'projects/123456789/locations/global/workloadIdentityPools/absent/providers/absent',
      },
      { fails: true, env: { PATH: '/nowhere' } },
    );
    expect(annotations.map(({ message }) => message).join(), log).toContain('the runner has no helm');
  });

  it.each<[string, Record<string, string>, string]>([
    ['a chart that is not there', { chart: 'nothing' }, 'nothing'],
    [
      'an image where the values have none',
      { image: 'x', image_value: 'web.image' },
      'have no image at "web.image"',
    ],
    [
      'contradicting settings',
      { set: 'a=1\na.b=2' },
      'a.b is set both to a value and as the parent of other values',
    ],
  ])('is refused: %s', async (_, inputs, message) => {
    const image = inputs.image ? { image: await pushed('app') } : {};
    expect(await ground.failure(chart(), { ...RELEASE, ...inputs, ...image })).toContain(message);
  });

  it('is refused when no container has the image in the end', async () => {
    const image = await pushed('app');
    const files = chart({ template: 'gangway.test/app:one' });
    const said = await ground.failure(files, { ...RELEASE, image });
    expect(said).toContain('no container of the chart uses it');
    expect(said).toContain('gangway.test/app:one');
    expect(await ground.deployment('web')).toBeUndefined();
  });
});
