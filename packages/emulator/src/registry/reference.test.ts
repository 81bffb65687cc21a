import { expect, it } from 'vitest';
import { startCloud } from '../cloud.ts';
import { resolveDigest } from './reference.ts';
import { buildImage, pushImage } from './testing/image.ts';

it('knows the images of a host of Container Registry by both their names', async () => {
  const cloud = await startCloud();
  try {
    const { token } = cloud.tokens.issue({ member: 'user:owner@example.com', memberOf: [] }, 600);
    await fetch(
      `${cloud.origin}/v1/projects/demo-project/locations/europe/repositories?repositoryId=eu.gcr.io`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ format: 'DOCKER' }),
      },
    );
    const image = buildImage([{ path: 'a', mode: 0o644, content: 'a' }]);
    await pushImage(`${cloud.origin}/v2/eu.gcr.io/demo-project/team/web`, token, image, 'v1');
    const { digest } = image.manifest;
    expect(resolveDigest(cloud, 'eu.gcr.io/demo-project/team/web:v1')).toBe(digest);
    expect(resolveDigest(cloud, 'europe-docker.pkg.dev/demo-project/eu.gcr.io/team/web:v1')).toBe(digest);
    expect(resolveDigest(cloud, `eu.gcr.io/demo-project/team/web@${digest}`)).toBe(digest);
    expect(resolveDigest(cloud, 'gcr.io/demo-project/team/web:v1')).toBeUndefined();
    expect(resolveDigest(cloud, 'eu.gcr.io/demo-project/team/web:v2')).toBeUndefined();
  } finally {
    await cloud.close();
  }
});
