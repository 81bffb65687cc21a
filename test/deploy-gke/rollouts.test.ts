import { describe, expect, it } from 'vitest';
import { lackingForGke } from '../helpers/kubernetes/gke.ts';
import { gkeGround } from './ground.ts';
import { configMap, deployment, shellJob } from './manifests.ts';

const missing = lackingForGke();

describe.skipIf(missing)(`a rollout on a real cluster${missing ? `: ${missing}` : ''}`, () => {
  const ground = gkeGround();

  it('makes the namespace, runs the job first, waits for the pods, and then has nothing to do but read', async () => {
    const [one] = ground.images();
    const files = {
      'k8s/web.yaml': [deployment('web', 'registry.example/app:1'), configMap('settings', { level: 'info' })],
      'k8s/migrate.yml': [shellJob('migrate', 'registry.example/app:1', 'echo migrated')],
    };
    const inputs = { manifests: 'k8s', images: `registry.example/app=${one}` };
    const { outputs, log, summary } = await ground.apply(files, inputs);
    expect(outputs.changed).toBe('true');
    expect(outputs.applied?.split('\n')).toEqual([
      `namespace/${ground.namespace()}`,
      'configmap/settings',
      'job.batch/migrate',
      'deployment.apps/web',
    ]);
    expect(log).toMatch(/job\.batch\/migrate has completed[\s\S]*deployment "web" successfully rolled out/);
    expect(summary).toContain('Of 4 objects, 4 applied.');
    const live = await ground.deployment('web');
    expect(live?.spec.template.spec.containers[0]?.image).toBe(one);
    expect(live?.status.availableReplicas).toBe(1);

    const verbs = await ground.verbs(async () => {
      const again = await ground.apply(files, inputs);
      expect(again.outputs).toMatchObject({ changed: 'false', applied: '' });
      expect(again.log).toContain('job.batch/migrate has already run');
    });
    expect(verbs).toEqual(['get']);
    expect((await ground.deployment('web'))?.metadata.resourceVersion).toBe(live?.metadata.resourceVersion);
  });

  it('shows what would change, and changes nothing, on a dry run', async () => {
    const [one, two] = ground.images();
    await ground.apply({ 'a.yaml': [deployment('web', one)] });
    const { outputs, log } = await ground.apply(
      { 'a.yaml': [deployment('web', two), configMap('new', {})] },
      { dry_run: 'true' },
    );
    expect(outputs).toMatchObject({ changed: 'false', applied: 'configmap/new\ndeployment.apps/web' });
    expect(log).toContain(`~ spec.template.spec.containers[app].image: ${one} → ${two}`);
    expect(await ground.imageOf('web')).toBe(one);
    expect(await ground.get(`/api/v1/namespaces/${ground.namespace()}/configmaps/new`)).toBeUndefined();
  });

  it('goes back when the pods do not get ready, and says what keeps them', async () => {
    const [one, two] = ground.images();
    await ground.apply({ 'a.yaml': [deployment('web', one)] });
    const absent = `localhost:9/nothing@sha256:${'0'.repeat(64)}`;
    const message = await ground.failure({ 'a.yaml': [deployment('web', absent, { deadline: 4 })] });
    expect(message).toContain('deployment "web" exceeded its progress deadline');
    expect(message).toMatch(/ErrImagePull|ImagePullBackOff/);
    expect(message).toContain('deployment.apps/web was rolled back: it has its previous pod template again');
    expect(await ground.imageOf('web')).toBe(one);
    // Fields of the way back are the action's own: no conflict.
    await ground.apply({ 'a.yaml': [deployment('web', two)] });
    expect(await ground.imageOf('web')).toBe(two);
  });

  it('leaves a failed rollout as it is when told to, and shows the last lines of the log', async () => {
    const [one] = ground.images();
    await ground.apply({ 'a.yaml': [deployment('web', one)] });
    const broken = deployment('web', one, {
      deadline: 6,
      minReady: 4,
      args: ['sh', '-c', 'echo no database; exit 3'],
    });
    const message = await ground.failure({ 'a.yaml': [broken] }, { rollback: 'false' });
    expect(message).toMatch(/exit code 3[\s\S]*no database/);
    expect(message).toContain('nothing was rolled back, because rollback is false');
    expect((await ground.deployment('web'))?.spec.template.spec.containers[0]?.command).toContain('sh');
    // Nothing changed since, and it is still not ready.
    expect(await ground.failure({ 'a.yaml': [broken] })).toContain('this step changed no workload');
  });

  it('ends with a job that fails, before anything runs that needs it', async () => {
    const [one, two] = ground.images();
    await ground.apply({ 'a.yaml': [shellJob('migrate', one, 'true'), deployment('web', one)] });
    const files = {
      'a.yaml': [shellJob('migrate', one, 'echo column exists; exit 1'), deployment('web', two)],
    };
    const message = await ground.failure(files);
    expect(message).toMatch(/job "migrate" failed: BackoffLimitExceeded[\s\S]*column exists/);
    expect(message).toContain('nothing that runs pods was changed');
    expect(await ground.imageOf('web')).toBe(one);
  });

  it('gives one container another image, and leaves the rest to who owns it', async () => {
    const [one, two] = ground.images();
    await ground.apply({ 'a.yaml': [deployment('web', one)] });
    const inputs = { deployment: 'web', image: two };
    const { outputs } = await ground.step(inputs);
    expect(outputs).toMatchObject({ changed: 'true', applied: 'deployment.apps/web', images: two });
    expect(await ground.imageOf('web')).toBe(two);
    const verbs = await ground.verbs(async () => {
      expect((await ground.step(inputs)).outputs.changed).toBe('false');
    });
    expect(verbs).toEqual(['get']);
    const { annotations } = await ground.step({ ...inputs, container: 'other' }, { fails: true });
    expect(annotations[0]?.message).toMatch(/has no such container.\nTo fix it: set container to one of app/);
    const { annotations: absent } = await ground.step({ ...inputs, deployment: 'gone' }, { fails: true });
    expect(absent[0]?.message).toContain(
      `There is no Deployment "gone" in the namespace ${ground.namespace()}`,
    );
  });
});
