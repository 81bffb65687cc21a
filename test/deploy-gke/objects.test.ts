import { describe, expect, it } from 'vitest';
import { lackingForGke } from '../helpers/kubernetes/gke.ts';
import { gkeGround, type Live } from './ground.ts';
import { configMap } from './manifests.ts';

const missing = lackingForGke();

describe.skipIf(missing)(`objects of a real API server${missing ? `: ${missing}` : ''}`, () => {
  const ground = gkeGround();

  it('says who owns a field that it does not take over unless told to', async () => {
    await ground.apply({ 'a.yaml': [configMap('settings', { level: 'info' })] });
    const path = `/api/v1/namespaces/${ground.namespace()}/configmaps/settings`;
    await ground.api('PUT', `${path}?fieldManager=someone`, {
      ...configMap('settings', { level: 'debug' }),
    });
    const files = { 'a.yaml': [configMap('settings', { level: 'warn' })] };
    const message = await ground.failure(files);
    expect(message).toContain('configmap/settings (a.yaml:1) sets fields that something else has set');
    expect(message).toContain('.data.level is owned by "someone"');
    expect(message).toContain('force_conflicts');
    await ground.apply(files, { force_conflicts: 'true' });
    expect((await ground.get(path))?.data).toEqual({ level: 'warn' });
  });

  it('puts back what somebody has changed by hand', async () => {
    const files = { 'a.yaml': [configMap('settings', { level: 'info' })] };
    await ground.apply(files);
    const path = `/api/v1/namespaces/${ground.namespace()}/configmaps/settings`;
    const live = await ground.get(path);
    await ground.api('PUT', `${path}?fieldManager=gangway`, { ...live, data: { level: 'debug' } });
    const { outputs } = await ground.apply(files, { force_conflicts: 'true' });
    expect(outputs.applied).toBe('configmap/settings');
    expect((await ground.get(path))?.data).toEqual({ level: 'info' });
  });

  it('deletes what an earlier run made and the manifests have no more, and nothing of others', async () => {
    const prune = { prune: 'gangway.test/set=shop' };
    await ground.apply({ 'a.yaml': [configMap('kept', {}), configMap('dropped', {})] }, prune);
    const labels = { 'gangway.test/set': 'shop' };
    await ground.api('POST', `/api/v1/namespaces/${ground.namespace()}/configmaps`, {
      ...configMap('foreign', {}),
      metadata: { name: 'foreign', labels },
    });
    const { outputs } = await ground.apply({ 'a.yaml': [configMap('kept', {})] }, prune);
    expect(outputs).toMatchObject({ changed: 'true', applied: '', pruned: 'configmap/dropped' });
    const { items } = (await ground.api('GET', `/api/v1/namespaces/${ground.namespace()}/configmaps`)) as {
      items: Live[];
    };
    // Every namespace has the cluster's authority beside them.
    const names = items.map(({ metadata }) => metadata.name);
    expect(names).toEqual(['foreign', 'kept', 'kube-root-ca.crt']);
  });

  it('makes a kind and an object of it in one step, and tells no value of a Secret', async () => {
    const group = `${ground.namespace()}.example.com`;
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    };
    const widget = { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'first' }, size: 3 };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key' },
      stringData: { key: 'hunter2-hunter2' },
    };
    const files = { 'a.json': [widget, definition, secret] };
    const secrets = ['hunter2-hunter2', Buffer.from('hunter2-hunter2').toString('base64')];
    await ground.apply(files, {}, { secrets, outside: true });
    expect(
      await ground.get(`/apis/${group}/v1/namespaces/${ground.namespace()}/widgets/first`),
    ).toMatchObject({ size: 3 });
    const again = await ground.apply(files, {}, { secrets, outside: true });
    expect(again.outputs.changed).toBe('false');
    const other = { ...secret, stringData: { key: 'hunter3-hunter3' } };
    const { log } = await ground.apply(
      { 'a.json': [other] },
      {},
      { secrets: ['hunter3-hunter3', ...secrets], outside: true },
    );
    expect(log).toContain('data');
  });

  it('says what the server refuses, before anything is changed', async () => {
    const files = {
      'a.yaml': [configMap('first', {}), { ...configMap('second', {}), dta: {} }],
    };
    expect(await ground.failure(files, { create_namespace: 'false' })).toContain(
      `configmap/first (a.yaml:1) is for the namespace ${ground.namespace()}, which is not there`,
    );
    await ground.api('POST', '/api/v1/namespaces', { metadata: { name: ground.namespace() } });
    expect(await ground.failure(files)).toMatch(
      /configmap\/second \(a\.yaml:3\) was rejected by the cluster: .*dta/,
    );
    expect(await ground.get(`/api/v1/namespaces/${ground.namespace()}/configmaps/first`)).toBeUndefined();
    const unknown = { apiVersion: 'example.com/v1', kind: 'Nothing', metadata: { name: 'x' } };
    expect(await ground.failure({ 'a.yaml': [unknown] })).toContain(
      'a.yaml:1: the cluster knows no Nothing of example.com/v1',
    );
  });
});
