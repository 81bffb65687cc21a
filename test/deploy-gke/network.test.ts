import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { lackingForGke } from '../helpers/kubernetes/gke.ts';
import { gkeGround } from './ground.ts';
import { service, webServer } from './manifests.ts';

const missing = lackingForGke();

describe.skipIf(missing)(`the network of a local cluster${missing ? `: ${missing}` : ''}`, () => {
  const ground = gkeGround();
  const path = () => `/api/v1/namespaces/${ground.namespace()}`;
  const live = (name: string) => ground.api('GET', `${path()}/services/${name}`) as Promise<LiveService>;
  const addressOf = (name: string) =>
    soon(async () => {
      const [ingress] = (await live(name)).status.loadBalancer.ingress ?? [];
      expect(ingress?.ip).toMatch(/^127\.\d+\.\d+\.\d+$/);
      return ingress?.ip;
    });

  it('answers at the address of a load balancer, at a node port and inside by name', async () => {
    const [one] = ground.images();
    const inside = 'wget -qO- http://web:81/ && wget -qO- http://web.$NAMESPACE.svc.cluster.local:81/';
    const files = {
      'a.yaml': [
        webServer('web', one, 'echo one', { hostPort: 8082 }),
        service('web', { type: 'LoadBalancer', port: 81 }),
        service('door', { type: 'NodePort', port: 80, app: 'web' }),
        service('headless', { clusterIP: 'None', port: 8080, app: 'web' }),
        webServer(
          'asks',
          one,
          `${inside.replaceAll('wget', '/busybox wget')} && /busybox wget -qO- http://headless:8080/`,
        ),
        service('asks', { type: 'LoadBalancer', port: 80 }),
      ],
    };
    await ground.apply(files);
    expect(await textOf(`http://${await addressOf('web')}:81/`)).toBe('one\n');
    const { nodePort } = (await live('door')).spec.ports[0] ?? {};
    const { items } = (await ground.api('GET', '/api/v1/nodes')) as { items: Node[] };
    const [node] = items[0]?.status.addresses ?? [];
    expect(await textOf(`http://${node?.address}:${nodePort}/`)).toBe('one\n');
    expect(await textOf(`http://${node?.address}:8082/`)).toBe('one\n');
    expect(await textOf(`http://${new URL(ground.server()).hostname}:${nodePort}/`)).toBe('one\n');
    const answer = await soon(async () => {
      const said = await textOf(`http://${await addressOf('asks')}/`);
      expect(said).toContain('one');
      return said;
    });
    expect(answer).toBe('one\none\none\n');
  });

  it('follows a rollout without a request that fails', async () => {
    const [one] = ground.images();
    const files = (text: string) => ({
      'a.yaml': [
        webServer('web', one, `echo ${text}`, { ready: true, linger: 2 }),
        service('web', { type: 'LoadBalancer', port: 80 }),
      ],
    });
    await ground.apply(files('one'));
    const url = `http://${await addressOf('web')}/`;
    const answers = new Set<string>();
    const stop = new AbortController();
    const asking = (async () => {
      while (!stop.signal.aborted) {
        answers.add(await textOf(url));
        await sleep(20);
      }
    })();
    await ground.apply(files('two'));
    await soon(async () => expect(await textOf(url)).toBe('two\n'));
    await sleep(3000);
    stop.abort();
    await asking;
    expect([...answers].sort()).toEqual(['one\n', 'two\n']);
    expect(await textOf(url)).toBe('two\n');
  });

  it('sends nobody to a pod that is not ready, and shuts what is deleted', async () => {
    const [one] = ground.images();
    await ground.apply({
      'a.yaml': [
        webServer('web', one, 'echo one'),
        service('web', { type: 'LoadBalancer', port: 80, app: 'none' }),
      ],
    });
    const url = `http://${await addressOf('web')}/`;
    await expect(fetch(url)).rejects.toThrow();
    await ground.api('PATCH', `${path()}/services/web`, { spec: { selector: { app: 'web' } } });
    await soon(async () => expect(await textOf(url)).toBe('one\n'));
    await ground.api('DELETE', `${path()}/services/web`);
    await soon(() => expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } }));
  });

  it('lets in whom a Service lets in, and says why one has no address', async () => {
    const [one] = ground.images();
    await ground.apply({
      'a.yaml': [
        webServer('web', one, 'echo one'),
        service('near', { type: 'LoadBalancer', port: 80, app: 'web', ranges: ['127.0.0.0/8'] }),
        service('far', { type: 'LoadBalancer', port: 80, app: 'web', ranges: ['203.0.113.0/24'] }),
        service('datagrams', { type: 'LoadBalancer', port: 53, app: 'web', protocol: 'UDP' }),
      ],
    });
    expect(await textOf(`http://${await addressOf('near')}/`)).toBe('one\n');
    await expect(fetch(`http://${await addressOf('far')}/`)).rejects.toThrow();
    await soon(async () => {
      const { items } = (await ground.api('GET', `${path()}/events`)) as { items: Event[] };
      const event = items.find(({ reason }) => reason === 'SyncLoadBalancerFailed');
      expect(event).toMatchObject({
        type: 'Warning',
        involvedObject: { kind: 'Service', name: 'datagrams' },
      });
      expect(event?.message).toContain('TCP');
    });
    expect((await live('datagrams')).status.loadBalancer).toEqual({});
  });
});

interface LiveService {
  readonly spec: { readonly ports: readonly { readonly nodePort?: number }[] };
  readonly status: { readonly loadBalancer: { readonly ingress?: readonly { readonly ip: string }[] } };
}

interface Node {
  readonly status: { readonly addresses: readonly { readonly address: string }[] };
}

interface Event {
  readonly reason: string;
  readonly message: string;
}

async function textOf(url: string): Promise<string> {
  const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5000) });
  return response.text();
}

/** What holds within ten seconds. */
async function soon<T>(check: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 10_000; ; await sleep(100)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
