import { ActionError } from '@gangway/action/error';
import { describe, expect, it } from 'vitest';
import { GoogleError } from './error.ts';
import { explaining } from './explain.ts';

const ACTOR = { projectId: 'p', serviceAccount: 'deployer@p.iam.gserviceaccount.com' };
const MEMBER = '--member="serviceAccount:deployer@p.iam.gserviceaccount.com"';

function hintOf(error: unknown, actor: Parameters<typeof explaining>[0] = ACTOR): Promise<string> {
  return explaining(actor, () => Promise.reject(error)).catch(({ hint }: ActionError) => hint ?? '');
}

function denied(message: string, details: object[] = []): GoogleError {
  return new GoogleError(
    403,
    JSON.stringify({ error: { code: 403, status: 'PERMISSION_DENIED', message, details } }),
    'GET run.googleapis.com/v2/x',
  );
}

describe('a missing permission', () => {
  it.each([
    [
      "Permission 'run.services.get' denied on resource 'projects/p/locations/l/services/s' (or resource may not exist).",
      'run.services.get',
      `gcloud projects add-iam-policy-binding p ${MEMBER} --role=roles/run.viewer`,
    ],
    [
      "Required 'compute.instances.create' permission for 'projects/p/zones/z/instances/i'",
      'compute.instances.create',
      `gcloud projects add-iam-policy-binding p ${MEMBER} --role=roles/compute.instanceAdmin.v1`,
    ],
    [
      "The user does not have access to service account 'runs@p.iam.gserviceaccount.com'.  User: 'deployer@p.iam.gserviceaccount.com'.  Ask a project owner to grant you the iam.serviceAccountUser role on the service account",
      'iam.serviceAccounts.actAs',
      `gcloud iam service-accounts add-iam-policy-binding runs@p.iam.gserviceaccount.com --project=p ${MEMBER} --role=roles/iam.serviceAccountUser`,
    ],
    [
      "Permission 'apigateway.apis.create' denied on 'projects/p/locations/global'",
      'apigateway.apis.create',
      `gcloud projects add-iam-policy-binding p ${MEMBER} --role=roles/apigateway.admin`,
    ],
    [
      "Permission 'iam.serviceaccounts.actAs' denied on service account runs@p.iam.gserviceaccount.com (or it may not exist).",
      'iam.serviceAccounts.actAs',
      `gcloud iam service-accounts add-iam-policy-binding runs@p.iam.gserviceaccount.com --project=p ${MEMBER} --role=roles/iam.serviceAccountUser`,
    ],
    [
      "Permission 'iam.serviceAccounts.actAs' denied on 'projects/-/serviceAccounts/gateway@p.iam.gserviceaccount.com'",
      'iam.serviceAccounts.actAs',
      `gcloud iam service-accounts add-iam-policy-binding gateway@p.iam.gserviceaccount.com`,
    ],
    [
      "Permission 'secretmanager.versions.add' denied for resource 'projects/other/secrets/key' (or it may not exist).",
      'secretmanager.versions.add',
      `gcloud secrets add-iam-policy-binding key --project=other ${MEMBER} --role=roles/secretmanager.secretVersionAdder`,
    ],
    [
      'Permission denied to enable service [run.googleapis.com]',
      'serviceusage.services.enable',
      '--role=roles/serviceusage.serviceUsageAdmin',
    ],
    [
      'Not found or permission denied for service(s): a.apigateway.p.cloud.goog.',
      'servicemanagement.services.bind',
      '--role=roles/servicemanagement.serviceConsumer',
    ],
    [
      'User must have permission to read the image, us-docker.pkg.dev/p/r/i:1. Cause: 403 Forbidden\n{"errors":[{"code":"DENIED","message":"Permission \\"artifactregistry.repositories.downloadArtifacts\\" denied on resource \\"projects/p/locations/us/repositories/r\\" (or it may not exist)"}]}',
      'artifactregistry.repositories.downloadArtifacts',
      `gcloud artifacts repositories add-iam-policy-binding r --location=us --project=p ${MEMBER} --role=roles/artifactregistry.reader`,
    ],
  ])('in "%s" is named, with what grants it', async (message, permission, command) => {
    const hint = await hintOf(denied(message));
    expect(hint).toContain(`the permission ${permission}`);
    expect(hint).toContain('deployer@p.iam.gserviceaccount.com');
    expect(hint).toContain(command);
  });

  it('is read off the details where the message keeps it to itself', async () => {
    const subject =
      '?error_code=110002&service=serviceusage.googleapis.com&permission=serviceusage.operations.get';
    const failure = {
      '@type': 'type.googleapis.com/google.rpc.PreconditionFailure',
      violations: [{ subject }],
    };
    expect(await hintOf(denied('No.', [failure]))).toContain('the permission serviceusage.operations.get');
    const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', metadata: { permission: 'a.b.c' } };
    expect(await hintOf(denied('No.', [info]))).toBe(
      'grant a role with the permission a.b.c to deployer@p.iam.gserviceaccount.com',
    );
  });

  it('is found in what Docker says, too', async () => {
    const said =
      'denied: Permission "artifactregistry.tags.create" denied on resource "projects/p/locations/us/repositories/r" (or it may not exist)';
    const hint = await hintOf(new ActionError(`Pushing x failed: ${said}`, { code: 'push-failed' }));
    expect(hint).toContain(
      'gcloud artifacts repositories add-iam-policy-binding r --location=us --project=p',
    );
    expect(hint).toContain('--role=roles/artifactregistry.writer');
  });

  it('is granted to the jobs of the repository where no account acts', async () => {
    const provider = 'projects/1/locations/global/workloadIdentityPools/github/providers/gangway';
    const before = process.env.GITHUB_REPOSITORY;
    process.env.GITHUB_REPOSITORY = 'a/b';
    const actor = { projectId: 'p', workloadIdentityProvider: provider };
    const hint = await hintOf(denied("Permission 'apikeys.keys.get' denied on 'projects/p'"), actor);
    if (before === undefined) delete process.env.GITHUB_REPOSITORY;
    else process.env.GITHUB_REPOSITORY = before;
    expect(hint).toContain(
      '--member="principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/attribute.repository/a/b"',
    );
  });
});

it('leaves other errors as they are', async () => {
  const other = new Error('no');
  await expect(explaining(ACTOR, () => Promise.reject(other))).rejects.toBe(other);
  const own = new ActionError('No permission at all.', { code: 'x' });
  await expect(explaining(ACTOR, () => Promise.reject(own))).rejects.toBe(own);
});

const actor = { projectId: 'p', serviceAccount: 'd@p.iam.gserviceaccount.com' };

it.each([
  [
    "Permission 'iam.serviceaccounts.actAs' denied on service account r@p.iam.gserviceaccount.com (or it may not exist).",
    'gcloud iam service-accounts add-iam-policy-binding r@p.iam.gserviceaccount.com --project=p --member="serviceAccount:d@p.iam.gserviceaccount.com" --role=roles/iam.serviceAccountUser',
  ],
  [
    'x: Permission denied on secret: projects/12/secrets/db/versions/latest for Revision service account 12-compute@developer.gserviceaccount.com. The service account used must be granted a role.',
    'gcloud secrets add-iam-policy-binding db --project=p --member="serviceAccount:12-compute@developer.gserviceaccount.com" --role=roles/secretmanager.secretAccessor',
  ],
  [
    'Permission denied on secret: projects/other/secrets/db/versions/1 for Job service account r@p.iam.gserviceaccount.com. The',
    'gcloud secrets add-iam-policy-binding db --project=other',
  ],
  ["Permission 'run.services.get' denied on 'x'", '--role=roles/run.viewer'],
  ["Permission 'run.services.update' denied on 'x'", '--role=roles/run.developer'],
  ["Permission 'run.jobs.setIamPolicy' denied on 'x'", '--role=roles/run.admin'],
])('has the command that grants what lacks: %s', async (message, command) => {
  const body = JSON.stringify({ error: { status: 'PERMISSION_DENIED', message } });
  const refused = explaining(actor, () => Promise.reject(new GoogleError(403, body, 'GET x')));
  await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining(command) });
});
