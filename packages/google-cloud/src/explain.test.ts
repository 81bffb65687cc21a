import { expect, it } from 'vitest';
import { GoogleError } from './error.ts';
import { explaining } from './explain.ts';

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
