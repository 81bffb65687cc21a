import { expect, it } from 'vitest';
import { reasonHint } from './hint.ts';

const IMAGE = 'us-central1-docker.pkg.dev/my-project/apis/web@sha256:0';
const nodes = { accounts: ['nodes@my-project.iam.gserviceaccount.com'], projectId: 'my-project' };
const denied =
  'failed to pull: 403 Forbidden: denied: Permission "artifactregistry.repositories.downloadArtifacts" denied';

it.each([
  [
    'ImagePullBackOff',
    denied,
    IMAGE,
    nodes,
    /repositories add-iam-policy-binding apis --location=us-central1 --project=my-project --member="serviceAccount:nodes@my-project\.iam\.gserviceaccount\.com" --role=roles\/artifactregistry\.reader$/,
  ],
  [
    'ErrImagePull',
    denied,
    IMAGE,
    { ...nodes, accounts: ['default'] },
    /projects describe my-project .*-compute@developer/,
  ],
  ['ErrImagePull', 'pull access denied', 'docker.io/library/x:1', nodes, /imagePullSecret/],
  ['ErrImagePull', 'manifest unknown: not found', IMAGE, nodes, /^push us-central1.* first/],
  ['CrashLoopBackOff', '', IMAGE, nodes, /what the log above shows/],
  ['CreateContainerConfigError', 'secret "x" not found', IMAGE, nodes, /ConfigMap or Secret/],
  ['OOMKilled', '', IMAGE, nodes, /memory limit/],
])('says what to do about %s: %s', (reason, message, image, pulling, hint) => {
  expect(reasonHint([{ reason, message, image }], pulling)).toMatch(hint);
});
