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

interface ServerOptions {
  /** Whether it says itself when it is ready. */
  readonly ready?: boolean;
  /** Seconds for which a pod that is to end still answers. */
  readonly linger?: number;
  /** Port of the node at which it answers, too. */
  readonly hostPort?: number;
}

/** A Deployment of a web server, with busybox, that answers every request at port 8080 with what a line of shell says. */
export function webServer(
  name: string,
  image: string,
  line: string,
  { ready = false, linger = 0, hostPort }: ServerOptions = {},
): object {
  // A CGI script ends its lines of the header as HTTP does.
  const cgi = `#!/busybox sh\nprintf 'Content-type: text/plain\\r\\n\\r\\n'\n${line}\n`;
  const script = `mkdir -p /www/cgi-bin
echo ${Buffer.from(cgi).toString('base64')} | /busybox base64 -d >/www/cgi-bin/index.cgi
/busybox chmod +x /www/cgi-bin/index.cgi
exec /busybox httpd -f -p 8080 -h /www`;
  const app = {
    name: 'app',
    image,
    env: [{ name: 'NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
    command: ['/busybox', 'sh', '-c', script],
    ...(hostPort && { ports: [{ containerPort: 8080, hostPort }] }),
    ...(ready && { readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 } }),
    ...(linger && { lifecycle: { preStop: { sleep: { seconds: linger } } } }),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      progressDeadlineSeconds: 60,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: linger + 1,
          containers: [app],
        },
      },
    },
  };
}

interface ServiceOptions {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly port: number;
  /** Label of the pods; default the Service's name. */
  readonly app?: string;
  readonly ranges?: readonly string[];
  readonly protocol?: string;
}

/** A Service in front of what {@link webServer} makes. */
export function service(
  name: string,
  { type, clusterIP, port, app = name, ranges, protocol }: ServiceOptions,
): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      ...(type && { type }),
      ...(clusterIP && { clusterIP }),
      selector: { app },
      ...(ranges && { loadBalancerSourceRanges: ranges }),
      ports: [{ port, targetPort: 8080, ...(protocol && { protocol }) }],
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
