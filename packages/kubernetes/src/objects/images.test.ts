import { expect, it } from 'vitest';
import { imagesIn, nameOfImage, withImages } from './images.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

it.each([
  ['nginx', 'nginx'],
  ['nginx:1.2', 'nginx'],
  ['localhost:5000/a/b', 'localhost:5000/a/b'],
  ['localhost:5000/a/b:1', 'localhost:5000/a/b'],
  [`a.pkg.dev/p/r/i:1@${DIGEST}`, 'a.pkg.dev/p/r/i'],
])('names %s without its tag and digest', (image, name) => {
  expect(nameOfImage(image)).toBe(name);
});

it('replaces images of containers wherever they are, and nothing else that is called image', () => {
  const spec = (image: string) => ({
    containers: [{ name: 'a', image }],
    initContainers: [{ name: 'b', image: 'busybox:1' }],
  });
  const cronJob = (image: string) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'x', annotations: { image: 'app:1' } },
    spec: { image: 'app:1', jobTemplate: { spec: { template: { spec: spec(image) } } } },
  });
  expect(imagesIn(cronJob('app:1'))).toEqual(['app:1', 'busybox:1']);
  const changes = [{ name: 'app', image: `registry/app@${DIGEST}` }];
  expect(withImages(cronJob('app:1'), changes)).toEqual(cronJob(`registry/app@${DIGEST}`));
});
