import type { Reason } from '@gangway/kubernetes';
import { nameOfImage } from '@gangway/kubernetes';
import { hostOf, parseImageName, parseReference } from '@gangway/registry';

/** Who pulls images. */
export interface Nodes {
  /** E-mail addresses; `default` is the default account of Compute Engine. */
  readonly accounts: readonly string[];
  readonly projectId: string;
}

/** What to do about what keeps pods. */
export function reasonHint(reasons: readonly Reason[], nodes: Nodes): string {
  const pull = reasons.find(({ reason }) => /^(ErrImagePull|ImagePullBackOff)$/.test(reason));
  if (pull) return pullHint(pull, reasons, nodes);
  const has = (pattern: RegExp) => reasons.some(({ reason }) => pattern.test(reason));
  if (has(/^InvalidImageName$/)) return 'correct the image of the container';
  if (has(/^CreateContainerConfigError$/))
    return 'create the ConfigMap or Secret that the container refers to first';
  if (has(/^OOMKilled$/)) return 'raise the memory limit of the container';
  if (has(/^(CrashLoopBackOff|Error|RunContainerError|StartError|ContainerCannotRun)$/))
    return 'fix what the log above shows, and run the job again';
  return 'fix what the lines above show, and run the job again; a slow start may need more timeout';
}

function pullHint({ image }: Reason, reasons: readonly Reason[], { accounts, projectId }: Nodes): string {
  const said = reasons.map(({ message }) => message).join(' ');
  const denied = /\b40[13]\b|denied|unauthorized|forbidden/i.test(said);
  if (!denied) {
    if (/not found|manifest unknown/i.test(said)) return `push ${image} first, and check its name and digest`;
    return `the lines above say why the node can't pull ${image}`;
  }
  const parsed = parseImageName(nameOfImage(image));
  const host = parseReference(image)?.host;
  if (!parsed)
    return `let the cluster pull from ${host ?? image}, with an imagePullSecret in the pod or its service account`;
  const { repository, project } = parsed;
  const location = hostOf(parsed).replace(/-docker\.pkg\.dev$/, '');
  const account =
    accounts.find((one) => one !== 'default') ??
    `$(gcloud projects describe ${projectId} --format="value(projectNumber)")-compute@developer.gserviceaccount.com`;
  return `grant the nodes' service account read access to the repository: gcloud artifacts repositories add-iam-policy-binding ${repository} --location=${location} --project=${project} --member="serviceAccount:${account}" --role=roles/artifactregistry.reader`;
}
