import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningCloud, startCloud } from '../src/cloud.ts';
import type { CloudOptions } from '../src/cloud-options.ts';
import { Engine } from '../src/docker/engine.ts';
import { user } from '../src/kernel/principal.ts';
import { buildImage, pushImage } from './image.ts';

// needs: engine, busybox

export const SERVICES = 'projects/demo-project/locations/us-central1/services';
export const JOBS = 'projects/demo-project/locations/us-central1/jobs';
/** Holds busybox and its web server with a few scripts. */
export const IMAGE = 'us-central1-docker.pkg.dev/demo-project/app/web';
const BUSYBOX = '/bin/busybox';

/** Why containers can't be run here; empty where they can. */
export async function whatIsMissing(): Promise<string> {
  if (!existsSync(BUSYBOX)) return `no ${BUSYBOX}`;
  return new Engine().ping().then(
    () => '',
    (error: Error) => error.message,
  );
}

/** A cloud whose registry has an image of busybox's web server. */
export async function cloudWithImage(
  options: CloudOptions = {},
): Promise<{ cloud: RunningCloud; token: string }> {
  const cloud = await startCloud(options);
  const { token } = cloud.tokens.issue(user('owner@example.com'), 3600);
  cloud.artifactRegistry.add({
    name: 'projects/demo-project/locations/us-central1/repositories/app',
    format: 'DOCKER',
    mode: 'STANDARD_REPOSITORY',
    createTime: '',
    updateTime: '',
  });
  const script = (text: string) =>
    `#!/bin/busybox sh\nprintf 'content-type: text/plain\\r\\n\\r\\n'\n${text}\n`;
  const files = [
    { path: 'bin/busybox', mode: 0o755, content: readFileSync(BUSYBOX) },
    {
      path: 'www/cgi-bin/echo',
      mode: 0o755,
      content: script('/bin/busybox env; echo "body=$(/bin/busybox cat)"'),
    },
    {
      path: 'www/cgi-bin/slow',
      mode: 0o755,
      content: script('echo first; /bin/busybox sleep 1; echo second'),
    },
    {
      path: 'www/cgi-bin/cat',
      mode: 0o755,
      content: script('/bin/busybox cat "$QUERY_STRING"'),
    },
    {
      path: 'www/cgi-bin/fetch',
      mode: 0o755,
      content: script('/bin/busybox wget -qO- http://127.0.0.1:$QUERY_STRING/cgi-bin/echo'),
    },
    {
      path: 'www/cgi-bin/connect',
      mode: 0o755,
      content: script('/bin/busybox nc -w 4 "$QUERY_STRING" 80 </dev/null && echo yes || echo no'),
    },
    {
      path: 'www/cgi-bin/alive',
      mode: 0o755,
      content:
        '#!/bin/busybox sh\n[ -e /failing ] || printf "Content-type: text/plain\\r\\n\\r\\nalive\\n"\n',
    },
    {
      path: 'www/cgi-bin/fail',
      mode: 0o755,
      content: script('echo > /failing'),
    },
    {
      path: 'www/cgi-bin/uptime',
      mode: 0o755,
      content: script('/bin/busybox cut -d" " -f22 /proc/1/stat'),
    },
    { path: 'www/cgi-bin/die', mode: 0o755, content: script('/bin/busybox kill -TERM 1') },
  ];
  const serve =
    'trap "exit 1" TERM; /bin/busybox rm -f /failing; /bin/busybox httpd -f -p $PORT -h /www & wait';
  const image = buildImage(files, { Entrypoint: ['/bin/busybox', 'sh', '-c', serve] });
  await pushImage(`${cloud.origin}/v2/${IMAGE}`, token, image, '1');
  return { cloud, token };
}

/** Creates or changes a service and returns its finished operation. */
export async function deploy(
  cloud: RunningCloud,
  token: string,
  method: 'POST' | 'PATCH',
  id: string,
  container: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const path = method === 'POST' ? `${SERVICES}?serviceId=${id}` : `${SERVICES}/${id}`;
  const { name } = await send(cloud, token, method, path, template(container));
  return finished(cloud, token, String(name));
}

/** The operation of this name once it is done. */
export async function finished(
  cloud: RunningCloud,
  token: string,
  name: string,
): Promise<Record<string, unknown>> {
  for (;;) {
    const operation = await send(cloud, token, 'GET', name);
    if (operation.done) return operation;
    await sleep(50);
  }
}

/** A service whose only container is of the image. */
export function template(container: Record<string, unknown>): unknown {
  return { template: { containers: [{ image: `${IMAGE}:1`, ...container }] } };
}

/** Sends a request to the API v2. */
export async function send(
  cloud: RunningCloud,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${cloud.origin}/v2/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, unknown>;
}
