import { expect, it } from 'vitest';
import { buildImage, pushImage } from '../../../test/image.ts';
import { startCloud } from '../../cloud.ts';

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
    expect(cloud.contracts.repositories.find('eu.gcr.io/demo-project/team/web:v1')?.manifest.digest).toBe(
      digest,
    );
    expect(
      cloud.contracts.repositories.find('europe-docker.pkg.dev/demo-project/eu.gcr.io/team/web:v1')?.manifest
        .digest,
    ).toBe(digest);
    expect(
      cloud.contracts.repositories.find(`eu.gcr.io/demo-project/team/web@${digest}`)?.manifest.digest,
    ).toBe(digest);
    expect(
      cloud.contracts.repositories.find('gcr.io/demo-project/team/web:v1')?.manifest.digest,
    ).toBeUndefined();
    expect(
      cloud.contracts.repositories.find('eu.gcr.io/demo-project/team/web:v2')?.manifest.digest,
    ).toBeUndefined();
  } finally {
    await cloud.close();
  }
});
