import type { Family } from '../problem.ts';

export const KUBERNETES_ENGINE: Family = {
  title: 'Kubernetes Engine',
  problems: [
    {
      codes: ['cluster-missing', 'cluster-unusable'],
      says: 'There is no cluster … in … of the project …',
      why: 'The cluster is in another project or location, or is still being created, repaired or deleted.',
      fix: 'Compare `cluster_name`, `location` and `project_id` with `gcloud container clusters list`.',
    },
    {
      codes: ['endpoint-missing'],
      says: 'has no endpoint that can be used',
      why: 'The cluster does not offer the way in that `endpoint` asks for.',
      fix: 'Run the command in the message, or leave `use_dns_based_endpoint`, `use_internal_ip` and `use_connect_gateway` out so that the action picks one.',
    },
    {
      codes: ['workload-missing', 'container-missing', 'namespace-missing'],
      says: 'There is no … in the namespace …',
      why: 'What the inputs name is not in the cluster.',
      fix: 'Compare with `kubectl get deployments --all-namespaces`. `create_namespace: true` creates the namespace.',
    },
    {
      codes: ['manifest-invalid', 'kind-unknown', 'image-unused'],
      says: 'the cluster knows no … of …',
      why: 'A manifest is malformed, names a kind that the cluster does not have, or no container has the image of `images`.',
      fix: 'Correct the line that the message names. A kind of an operator needs its CustomResourceDefinition in the cluster or in these manifests.',
    },
    {
      codes: ['kustomize-missing'],
      says: 'which is a kustomization, and the runner has neither kustomize nor kubectl',
      why: 'The action does not build kustomizations itself.',
      fix: 'Install kustomize or kubectl in an earlier step. GitHub-hosted runners have both.',
    },
    {
      codes: ['helm-missing', 'helm-too-old'],
      says: 'Input "chart" is set, and the runner has no helm',
      why: 'The action runs the helm of the runner, and needs 3.13 or newer.',
      fix: 'Install Helm in an earlier step, such as azure/setup-helm. GitHub-hosted Ubuntu runners have it.',
    },
    {
      codes: ['helm-failed'],
      says: 'helm … failed',
      why: 'Helm could not read the chart, its values or its releases. Nothing was changed.',
      fix: 'Correct what helm says. A chart with dependencies needs `helm dependency build` first, and a chart of a repository `helm repo add`.',
    },
    {
      codes: ['image-value-missing'],
      says: 'The values of the chart have no image at …',
      why: 'The chart has its image elsewhere in its values than `image_value` says.',
      fix: 'Look at `helm show values CHART`, and set `image_value` to the path that has `repository` and `tag` or `digest`, or the whole image.',
    },
    {
      codes: ['job-running', 'job-failed'],
      says: 'runs already, made of another manifest',
      why: 'A Job from an earlier deploy is still running, or the Job of this one ended with an error. Nothing after it was applied.',
      fix: 'Read the log lines in the message. Wait for the earlier Job, and give deploys to one cluster a `concurrency` group.',
    },
  ],
};
