import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A workspace with the files of a deploy: values are objects of Kubernetes, one document each. */
export async function workspaceWith(
  files: Readonly<Record<string, readonly object[] | string>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-workspace-'));
  for (const [name, content] of Object.entries(files)) {
    const text =
      typeof content === 'string' ? content : content.map((one) => JSON.stringify(one)).join('\n---\n');
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

interface DeploymentOptions {
  readonly env?: readonly object[];
  readonly deadline?: number;
  /** Seconds that a pod must run before it counts. */
  readonly minReady?: number;
  readonly namespace?: string;
  readonly args?: readonly string[];
}

export function deployment(
  name: string,
  image: string,
  { env = [], deadline = 60, minReady, namespace, args }: DeploymentOptions = {},
): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...(namespace && { namespace }) },
    spec: {
      progressDeadlineSeconds: deadline,
      ...(minReady !== undefined && { minReadySeconds: minReady }),
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'app', image, env, ...(args && { command: ['/busybox', ...args] }) }],
        },
      },
    },
  };
}

/** A Job that runs a line of shell. */
export function shellJob(name: string, image: string, line: string): object {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'run', image, command: ['/busybox', 'sh', '-c', line] }],
        },
      },
    },
  };
}

export function configMap(name: string, data: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}
