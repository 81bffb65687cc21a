import type { Refused } from '@gangway/action';
import { REFUSED_SIGN_IN } from '@gangway/auth';

const KUBECONFIG = 'leave it out: no kubeconfig is written, as the action calls the API server itself';

/** Inputs of get-gke-credentials, gke-deploy and Azure's k8s-deploy that are none here. */
export const REFUSED: Readonly<Record<string, Refused>> = {
  ...REFUSED_SIGN_IN,
  context_name: { cure: KUBECONFIG },
  use_auth_provider: {
    cure: 'leave it out: no plugin is needed, and the token is renewed',
    same: ['true', 'false'],
  },
  fleet_membership_name: {
    cure: 'leave it out: use_connect_gateway takes the membership that the cluster itself names',
  },
  quota_project_id: { cure: 'leave it out: the requests count for the project of the cluster' },
  cluster: { cure: 'write cluster_name' },
  region: { cure: 'write location' },
  zone: { cure: 'write location' },
  app_name: { cure: 'leave it out: the objects have the names that the manifests say' },
  k8s_manifests: { cure: 'write manifests' },
  expose: { cure: 'write a Service in the manifests' },
  strategy: { cure: 'leave it out: the strategy stands in the manifest of the deployment' },
};
