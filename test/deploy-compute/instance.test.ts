import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  A,
  B,
  BROKEN,
  type ComputeJob,
  metadataOf,
  RUNTIME,
  SICK,
  startComputeJob,
  writesIn,
} from '../helpers/compute/compute-job.ts';
import { workspace } from '../helpers/run-job.ts';

// takes minutes

const ZONE = 'us-central1-a';

interface Shown {
  readonly status: string;
  readonly metadata: { readonly items: readonly { key: string; value: string }[] };
  readonly networkInterfaces: readonly { accessConfigs?: readonly { natIP: string }[] }[];
  readonly tags: { readonly items?: readonly string[] };
  readonly labels?: Readonly<Record<string, string>>;
  readonly serviceAccounts: readonly { email: string; scopes: readonly string[] }[];
  readonly error?: { readonly code: number };
}

let compute: ComputeJob;
const deploy: ComputeJob['deploy'] = (inputs, options) => compute.deploy(inputs, options);
const show = (name: string) => compute.inZone<Shown>(`instances/${name}`);

beforeAll(async () => {
  compute = await startComputeJob();
});
afterAll(() => compute[Symbol.asyncDispose]());

describe('an instance', () => {
  const inputs = {
    instance: 'app',
    ports: '80:8080',
    env_vars: 'MODE=fast',
    tags: 'web',
    address: 'app',
    create_address: 'true',
    allow_from: '0.0.0.0/0',
    check_url: '/',
  };

  it('is made with its address and its firewall rule, by an account of its own, and answers', async () => {
    const dry = await deploy({ ...inputs, dry_run: 'true' });
    expect(dry.log).toContain('+ image: us-central1-docker.pkg.dev');
    expect(dry.log).toContain('+ address app: to be reserved');
    expect(dry.log).toContain('+ container.env[MODE]: (a value)');
    expect((await show('app')).error?.code).toBe(404);
    expect(dry.outputs.changed).toBe('false');

    const { outputs, log, summary } = await deploy(inputs);
    expect(outputs).toMatchObject({ instance: 'app', image: A, previous_image: '', changed: 'true' });
    expect(log).toContain(`http://${outputs.address}/ answers as it should.`);
    const instance = await show('app');
    expect(instance.serviceAccounts).toEqual([
      { email: RUNTIME, scopes: ['https://www.googleapis.com/auth/cloud-platform'] },
    ]);
    expect(instance.tags.items).toEqual(['app', 'web']);
    expect(instance.labels).toEqual({ 'created-by': 'gangway' });
    const address = await compute.show<{ address: string }>('regions/us-central1/addresses/app');
    expect(instance.networkInterfaces[0]?.accessConfigs?.[0]?.natIP).toBe(address.address);
    expect(outputs.address).toBe(address.address);
    const rule = await compute.show<object>('global/firewalls/app-ports');
    expect(rule).toMatchObject({
      allowed: [{ IPProtocol: 'tcp', ports: ['80'] }],
      targetTags: ['app'],
      sourceRanges: ['0.0.0.0/0'],
    });
    expect(summary).toContain('address app');
    expect(summary).toContain('billed by the hour');
  });

  it('costs a few GETs when nothing changes', async () => {
    let result: Awaited<ReturnType<typeof deploy>> | undefined;
    const before = compute.machines.boots.length;
    const requests = await compute.job.requests(async () => {
      result = await deploy(inputs);
    });
    expect(result?.outputs.changed).toBe('false');
    expect(result?.log).toContain('app already runs this image with these settings');
    expect(writesIn(requests)).toEqual([]);
    const asked = requests.filter((request) => request.includes('/compute/v1/'));
    expect(asked.length).toBeLessThanOrEqual(5);
    expect(compute.machines.boots).toHaveLength(before);
  });

  it('restarts for a new image, keeps what no input names, and says what ran before', async () => {
    const dry = await deploy({ instance: 'app', image: B, env_vars: 'MORE=1', dry_run: 'true' });
    expect(dry.log).toMatch(/~ image: .*a{64} → .*b{64}/);
    expect(dry.log).toContain('+ container.env[MORE]: (a value)');
    const { outputs } = await deploy({ instance: 'app', image: B, env_vars: 'MORE=1', check_url: '/' });
    expect(outputs).toMatchObject({ image: B, previous_image: A, changed: 'true' });
    const kept = JSON.parse(metadataOf(await show('app'))['gangway-container'] ?? '{}');
    expect(kept).toEqual({
      image: B,
      container: {
        ports: ['80:8080/tcp'],
        env: [
          { name: 'MODE', value: 'fast' },
          { name: 'MORE', value: '1' },
        ],
      },
    });
    expect((await show('app')).tags.items).toEqual(['app', 'web']);
    expect(await answerOf(outputs.address)).toBe(B);
  });

  it('goes back when the container ends, with what the machine said and its serial port in the error', async () => {
    compute.machines.broken.add('c'.repeat(64));
    const { annotations } = await deploy({ instance: 'app', image: BROKEN }, { fails: true });
    const message = annotations[0]?.message ?? '';
    expect(message).toContain(
      "The container of app doesn't run: the container ended with status 1: no model.",
    );
    expect(message).toContain('The last lines of its serial port:');
    expect(message).toContain(`app runs ${B} again, as before.`);
    expect(await answerOf((await deploy({ instance: 'app', image: B })).outputs.address)).toBe(B);
  });

  it('goes back when it runs and does not answer', async () => {
    compute.machines.sick.add('d'.repeat(64));
    const { annotations } = await deploy(
      { instance: 'app', image: SICK, check_url: '/', check_timeout: '2s' },
      { fails: true },
    );
    expect(annotations[0]?.message).toContain('does not answer as it should after 2.0 s: 500');
    expect(annotations[0]?.message).toContain(`app runs ${B} again, as before.`);
    expect(JSON.parse(metadataOf(await show('app'))['gangway-container'] ?? '{}').image).toBe(B);
  });

  it('is restarted when it has these settings and does not run', async () => {
    await compute.write('POST', `zones/${ZONE}/instances/app/stop`);
    await expect.poll(async () => (await show('app')).status).toBe('TERMINATED');
    const { outputs, log } = await deploy({ instance: 'app', image: B });
    expect(outputs.changed).toBe('true');
    expect(log).toContain('~ machine: does not run this → restarted');
    expect((await show('app')).status).toBe('RUNNING');
  });

  it('is replaced beside the old one: the address moves, and the old one goes', async () => {
    const replace = { instance: 'app', strategy: 'replace', address: 'app', check_url: '/' };
    const { outputs } = await deploy({ ...replace, image: A, machine_type: 'e2-medium' });
    expect(outputs).toMatchObject({ instance: 'app-2', image: A, previous_image: B });
    expect((await show('app')).error?.code).toBe(404);
    expect(await answerOf(outputs.address)).toBe(A);
    const back = await deploy({ ...replace, image: B });
    expect(back.outputs.instance).toBe('app');
    expect(back.outputs.address).toBe(outputs.address);
    expect((await show('app-2')).error?.code).toBe(404);
    const failed = await deploy({ ...replace, image: BROKEN }, { fails: true });
    expect(failed.annotations[0]?.message).toContain('app serves as before; app-2 was deleted.');
    expect(await answerOf(outputs.address)).toBe(B);
  });

  it('is found under its other name by a deploy that restarts', async () => {
    await deploy({ instance: 'app', strategy: 'replace', address: 'app', image: A });
    const { outputs } = await deploy({ instance: 'app', image: B });
    expect(outputs).toMatchObject({ instance: 'app-2', image: B });
    await deploy({ instance: 'app', strategy: 'replace', address: 'app', image: A });
  });
});

describe('secrets', () => {
  it('are named in the metadata, never there themselves', async () => {
    await deploy({
      instance: 'secrets',
      secrets: 'API_KEY=key:3\n/run/key=projects/demo-project/secrets/key:latest',
    });
    const metadata = metadataOf(await show('secrets'));
    expect(metadata['user-data']).toContain('projects/demo-project/secrets/key/versions/3');
    expect(JSON.parse(metadata['gangway-container'] ?? '').container.secrets).toHaveLength(2);
  });
});

describe('a file of the user’s own', () => {
  const FILE = `#cloud-config
write_files:
- path: /etc/systemd/system/app.service
  permissions: "0644"
  content: |
    [Service]
    ExecStart=/usr/bin/docker run --rm --publish 80:5000 \u0024{IMAGE}
runcmd:
- systemctl start app.service
`;

  it('is filled in, judged by what it answers, and carried on after a deploy that was cut short', async () => {
    await using folder = await workspace({ 'cloud-init.yml': FILE });
    const inputs = { instance: 'own', cloud_init: 'cloud-init.yml', check_url: '/' };
    const options = { workspace: folder.path };
    await deploy(inputs, options);
    expect(metadataOf(await show('own'))['user-data']).toBe(FILE.replace('\u0024{IMAGE}', A));
    expect((await deploy(inputs, options)).outputs.changed).toBe('false');
    const { outputs } = await deploy({ ...inputs, image: B }, options);
    expect(await answerOf(outputs.address)).toBe(B);
    expect(metadataOf(await show('own'))['gangway-pending']).toBeUndefined();
    // A run that ended between the metadata and the restart.
    const { metadata } = (await show('own')) as Shown & { metadata: { fingerprint: string } };
    const items = [...metadata.items, { key: 'gangway-pending', value: 'x' }];
    await compute.write('POST', `zones/${ZONE}/instances/own/setMetadata`, { ...metadata, items });
    const before = compute.machines.boots.length;
    await deploy({ ...inputs, image: B }, options);
    expect(compute.machines.boots.slice(before)).toEqual(['own']);
  });

  it('is not overwritten by a unit of ours', async () => {
    const { annotations } = await deploy({ instance: 'own' }, { fails: true });
    expect(annotations[0]?.message).toContain("own has user data that this action didn't write");
    expect(annotations[0]?.message).toContain('give it as cloud_init');
  });
});

describe('an instance of the container startup agent', () => {
  const declaration = `spec:
  containers:
  - name: old
    image: gcr.io/demo-project/old:latest
    command: ['/app']
    args: ['--port', '8080']
    env:
    - name: MODE
      value: '1'
    securityContext:
      privileged: true
    volumeMounts:
    - name: host-path-0
      mountPath: /data
      readOnly: false
  restartPolicy: Always
  volumes:
  - name: host-path-0
    hostPath:
      path: /var/data
`;

  async function make(name: string, text: string): Promise<void> {
    await compute.write('POST', `zones/${ZONE}/instances`, {
      name,
      machineType: `zones/${ZONE}/machineTypes/e2-micro`,
      disks: [
        {
          boot: true,
          autoDelete: true,
          initializeParams: { sourceImage: 'projects/cos-cloud/global/images/family/cos-125-lts' },
        },
      ],
      networkInterfaces: [
        {
          network: 'global/networks/default',
          accessConfigs: [{ name: 'external-nat', type: 'ONE_TO_ONE_NAT' }],
        },
      ],
      metadata: {
        items: [
          { key: 'gce-container-declaration', value: text },
          { key: 'own', value: 'stays' },
        ],
      },
      serviceAccounts: [{ email: RUNTIME, scopes: ['https://www.googleapis.com/auth/devstorage.read_only'] }],
    });
    await expect.poll(async () => (await show(name)).status).toBe('RUNNING');
  }

  it('is shown as the unit that it becomes, and then runs that', async () => {
    await make('agent', declaration);
    const dry = await deploy({ instance: 'agent', dry_run: 'true' });
    expect(dry.log).toContain('~ runs: gce-container-declaration → systemd unit');
    expect(dry.log).toMatch(/~ image: gcr\.io\/demo-project\/old:latest → /);
    expect(metadataOf(await show('agent'))).toHaveProperty('gce-container-declaration');
    await deploy({ instance: 'agent' });
    const metadata = metadataOf(await show('agent'));
    expect(metadata).not.toHaveProperty('gce-container-declaration');
    expect(metadata.own).toBe('stays');
    expect(JSON.parse(metadata['gangway-container'] ?? '').container).toEqual({
      network: 'host',
      command: ['/app'],
      args: ['--port', '8080'],
      env: [{ name: 'MODE', value: '1' }],
      volumes: ['/var/data:/data'],
      privileged: true,
    });
    // Scopes that can't read a secret are told before anything is written.
    const { annotations } = await deploy({ instance: 'agent', secrets: 'KEY=key:1' }, { fails: true });
    expect(annotations[0]?.message).toContain("The access scopes of agent don't let it read secrets.");
    expect(annotations[0]?.message).toContain('set-service-account agent');
  });

  it('is refused where a unit would do otherwise', async () => {
    await make('never', declaration.replace('Always', 'Never'));
    const requests = await compute.job.requests(async () => {
      const { annotations } = await deploy({ instance: 'never' }, { fails: true });
      expect(annotations[0]?.message).toContain(
        "can't be carried over to a systemd unit: its restartPolicy is Never.",
      );
    });
    expect(writesIn(requests)).toEqual([]);
  });
});

describe('what is refused before anything is written', () => {
  it.each<[Record<string, string>, string]>([
    [{ instance: 'new', runtime_service_account: '' }, 'is required for a new machine'],
    [{ instance: 'new', address: 'nowhere' }, 'There is no address nowhere in us-central1.'],
    [{ instance: 'new', address: 'app' }, 'The address app is used by app'],
    [{ instance: 'new', image_family: 'cos-77-lts' }, 'has no family cos-77-lts'],
    [{ instance: 'app', machine_type: 'e2-highmem-8' }, "which a restart doesn't change"],
  ])('%o', async (inputs, message) => {
    const requests = await compute.job.requests(async () => {
      const { annotations } = await deploy(inputs, { fails: true });
      expect(annotations[0]?.message).toContain(message);
      expect(annotations[0]?.message).toContain('To fix it: ');
    });
    expect(writesIn(requests)).toEqual([]);
  });

  it.each<[Record<string, string>, string]>([
    [{ instance: 'App' }, 'Input "instance" is not valid: "App".'],
    [{ instance: 'app', group: 'app' }, 'a step deploys either an instance or a group'],
    [{ instance: 'app', zone: 'us-central1' }, 'write a zone such as us-central1-a'],
    [{ instance: 'app', image: 'nginx:1' }, 'write it with its digest'],
    [{ instance: 'app', ports: '80:http' }, 'write HOST_PORT:CONTAINER_PORT'],
    [{ instance: 'app', ports: '80:1,80:2' }, 'is listed twice'],
    [
      { instance: 'app', volumes: '/data:/data' },
      'the root file system of Container-Optimized OS is read-only',
    ],
    [{ instance: 'app', volumes: 'data' }, 'write DIRECTORY:/PATH'],
    [{ instance: 'app', secrets: 'PATH=key:1' }, 'it would change the programs of the machine'],
    [{ instance: 'app', secrets: 'KEY=the value' }, 'write NAME=SECRET:VERSION'],
    [{ instance: 'app', strategy: 'replace' }, 'a second instance takes over a reserved address'],
    [{ instance: 'app', size: '3' }, 'Input "size" has no effect on an instance.'],
    [{ group: 'app', address: 'app' }, 'Input "address" has no effect on a group.'],
    [{ group: 'app', check_url: '/' }, 'a group has no address'],
    [{ group: 'app', max_surge: '0', max_unavailable: '0' }, 'set one of them to 1'],
    [{ instance: 'app', address: '203.0.113.7' }, 'write the name of a reserved address'],
    [{ instance: 'app', allow_from: '10.0.0.0' }, 'write ranges of addresses'],
    [{ instance: 'app', cloud_init: 'none.yml' }, 'Input "cloud_init" is not valid'],
    [{ instance: 'app', memory: '512 MB' }, 'write an amount such as 512m'],
    [{ instance: 'app', create_address: 'true' }, 'set address to the name of the address'],
  ])('%o, without a request', async (inputs, message) => {
    const requests = await compute.job.requests(async () => {
      const { annotations } = await deploy(inputs, { fails: true });
      expect(annotations[0]?.message).toContain(message);
    });
    expect(requests.filter((request) => request.includes('compute'))).toEqual([]);
  });
});

async function answerOf(address = ''): Promise<string> {
  return (await fetch(`http://${address}/`)).text();
}
