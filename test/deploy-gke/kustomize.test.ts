import { find } from '@gangway/engine';
import { describe, expect, it } from 'vitest';
import { lackingForGke } from '../helpers/kubernetes/gke.ts';
import { gkeGround } from './ground.ts';
import { configMap, deployment } from './manifests.ts';

// needs: kustomize

const missing =
  lackingForGke() ?? (find('kustomize').length > 0 ? undefined : 'kustomize (npm run test:full gets it)');

describe.skipIf(missing)(`a kustomization on a real cluster${missing ? `: ${missing}` : ''}`, () => {
  const ground = gkeGround();
  /** A base, and an overlay that has names, labels, values and a tag of its own. */
  const files = {
    'base/kustomization.yaml': 'resources: [web.yaml, settings.yaml]\n',
    'base/web.yaml': [deployment('web', 'app')],
    'base/settings.yaml': [configMap('settings', { level: 'info' })],
    'prod/kustomization.yaml': `resources: [../base]
nameSuffix: -prod
labels: [{ pairs: { stage: prod } }]
images: [{ name: app, newName: registry.example/app, newTag: "7" }]
patches:
  - target: { kind: ConfigMap }
    patch: |-
      - op: replace
        path: /data/level
        value: warn
`,
  };

  it('is built by kustomize, with images by digest in what it makes', async () => {
    const [one] = ground.images();
    const inputs = { manifests: 'prod', images: `registry.example/app=${one}` };
    const { outputs, log } = await ground.apply(files, inputs);
    expect(outputs.applied?.split('\n')).toEqual([
      `namespace/${ground.namespace()}`,
      'configmap/settings-prod',
      'deployment.apps/web-prod',
    ]);
    expect(await ground.imageOf('web-prod')).toBe(one);
    const path = `/api/v1/namespaces/${ground.namespace()}/configmaps/settings-prod`;
    expect(await ground.get(path), log).toMatchObject({
      data: { level: 'warn' },
      metadata: { labels: { stage: 'prod' } },
    });
    expect((await ground.apply(files, inputs)).outputs.changed).toBe('false');
  });

  it("is refused in kustomize's own words where it can't be built", async () => {
    const message = await ground.failure(
      { ...files, 'prod/kustomization.yaml': 'resources: [../nothing]\n' },
      { manifests: 'prod' },
    );
    expect(message).toContain('kustomize build failed');
    expect(message).toContain('nothing');
  });
});
