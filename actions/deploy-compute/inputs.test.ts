import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { DECLARED as NAMES } from './declared-inputs.ts';
import { readInputs } from './inputs.ts';
import { mergedContainer } from './machine/merged-container.ts';
import { wantedTemplate } from './plan/template.ts';
import { wantedBoot } from './plan/wanted-boot.ts';

const { inputs: DECLARED } = parse(readFileSync(new URL('action.yml', import.meta.url), 'utf8')) as {
  inputs: Record<string, { default?: string }>;
};
const IMAGE = `us-central1-docker.pkg.dev/p/r/app@sha256:${'a'.repeat(64)}`;

afterEach(() => vi.unstubAllEnvs());

function read(given: Readonly<Record<string, string>>) {
  const all: Readonly<Record<string, string>> = {
    image: IMAGE,
    ...(given.group === undefined && { instance: 'app' }),
    ...(given.region === undefined && { zone: 'us-central1-a' }),
    ...given,
  };
  for (const [name, { default: value = '' }] of Object.entries(DECLARED))
    vi.stubEnv(`INPUT_${name.toUpperCase()}`, all[name] ?? value);
  return readInputs();
}

/** What a group's new machines are made of. */
function propertiesOf(given: Readonly<Record<string, string>>) {
  const inputs = read({ group: 'web', ...given });
  const where = { projectId: 'p', universe: 'googleapis.com' };
  const boot = wantedBoot('the group web', new Map(), IMAGE, inputs, where);
  return wantedTemplate(inputs, boot, undefined, 'p').body.properties;
}

describe('an input', () => {
  it.each<[Record<string, string>, string]>([
    [{ container_network: 'none' }, 'Input "container_network" is not valid: "none".'],
    [{ disk_size: '5' }, 'Input "disk_size" is not valid: "5".'],
    [{ disk_size: '20GB' }, 'Input "disk_size" is not valid: "20GB".'],
    [{ disk_type: 'PD SSD' }, 'Input "disk_type" is not valid: "PD SSD".'],
    [{ subnet: 'a/b' }, 'Input "subnet" is not valid: "a/b".'],
    [{ network: 'Default' }, 'Input "network" is not valid: "Default".'],
    [{ env_vars_update_strategy: 'replace' }, 'Input "env_vars_update_strategy" is not valid: "replace".'],
    [{ secrets_update_strategy: 'replace' }, 'Input "secrets_update_strategy" is not valid: "replace".'],
    [{ group: 'web', initial_delay: '2h' }, 'Input "initial_delay" is not valid: "2h".'],
    [{ group: 'web', canary: '120%' }, 'Input "canary" is not valid: "120%".'],
    [{ group: 'web', size: '-1' }, 'Input "size" is not valid: "-1".'],
    [{ group: 'web', keep_templates: 'all' }, 'Input "keep_templates" is not valid: "all".'],
    [{ group: 'web', health_check: 'healthz' }, 'Input "health_check" is not valid: "healthz".'],
    [{ user: 'a b' }, 'Input "user" is not valid: "a b".'],
    [{ log_driver: 'syslog' }, 'Input "log_driver" is not valid: "syslog".'],
    [{ privileged: 'yes' }, 'Input "privileged" is not valid: "yes".'],
    [{ machine_type: 'E2' }, 'Input "machine_type" is not valid: "E2".'],
    [{ image_family: 'debian-12' }, 'Input "image_family" is not valid: "debian-12".'],
    [{ tags: 'Web' }, 'Input "tags" is not valid: "Web".'],
    [{ labels: 'Team=x' }, '"labels"'],
    [{ runtime_service_account: 'me@example.com' }, 'Input "runtime_service_account" is not valid'],
    [{ strategy: 'recreate' }, 'Input "strategy" is not valid: "recreate".'],
    [{ check_url: 'healthz' }, '"check_url"'],
    [{ check_timeout: 'soon' }, 'Input "check_timeout" is not valid: "soon".'],
    [{ timeout: '5x' }, 'Input "timeout" is not valid: "5x".'],
    [{ dry_run: 'maybe' }, 'Input "dry_run" is not valid: "maybe".'],
    [{ image: 'App' }, 'Input "image" is not valid: "App".'],
  ])('%o is refused by its name', (given, message) => {
    expect(() => read(given)).toThrow(message);
  });

  it('is named by a test, each of them', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const files = globSync(['actions/deploy-compute/**/*.test.ts', 'test/deploy-compute/*.test.ts'], {
      cwd: root,
    });
    const text = [...files, 'test/helpers/compute/compute-job.ts']
      .map((file) => readFileSync(`${root}/${file}`, 'utf8'))
      .join('\n');
    // The sign-in is the same in all actions, and tested with packages/auth.
    const signIn = NAMES.slice(NAMES.indexOf('project_id'));
    const left = NAMES.filter((name) => !signIn.includes(name) && !new RegExp(`\\b${name}:`).test(text));
    expect(left).toEqual([]);
  });
});

describe('the container', () => {
  const current = {
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
    secrets: [{ name: 'KEY', secret: 'key', version: '1' }],
    network: 'host' as const,
  };

  it('keeps other variables and secrets, or has those of the inputs alone', () => {
    const given = { env_vars: 'A=9', secrets: 'TOKEN=token:2' };
    const merged = mergedContainer(current, read(given).container);
    expect(merged.env?.map(({ name, value }) => `${name}=${value}`)).toEqual(['A=9', 'B=2']);
    expect(merged.secrets?.map(({ name }) => name)).toEqual(['KEY', 'TOKEN']);
    const strategies = { env_vars_update_strategy: 'overwrite', secrets_update_strategy: 'overwrite' };
    const overwritten = mergedContainer(current, read({ ...given, ...strategies }).container);
    expect(overwritten.env?.map(({ name, value }) => `${name}=${value}`)).toEqual(['A=9']);
    expect(overwritten.secrets?.map(({ name }) => name)).toEqual(['TOKEN']);
  });

  it('keeps the network that it has, or leaves it', () => {
    expect(mergedContainer(current, read({}).container).network).toBe('host');
    expect(mergedContainer(current, read({ container_network: 'bridge' }).container).network).toBeUndefined();
  });
});

describe('the template of a group', () => {
  it('has the disk and the subnetwork of the inputs', () => {
    const made = propertiesOf({ disk_size: '20', disk_type: 'pd-ssd', subnet: 'apps' });
    expect(made.disks?.[0]?.initializeParams).toMatchObject({ diskSizeGb: '20', diskType: 'pd-ssd' });
    expect(made.networkInterfaces?.[0]?.subnetwork).toBe('projects/p/regions/us-central1/subnetworks/apps');
  });

  it('is the same for a zone and for its region, in which its subnetwork is', () => {
    const subnet = 'apps';
    expect(propertiesOf({ region: 'us-central1', subnet })).toEqual(propertiesOf({ subnet }));
    const [other] = propertiesOf({ region: 'us-west1', subnet }).networkInterfaces ?? [];
    expect(other?.subnetwork).toBe('projects/p/regions/us-west1/subnetworks/apps');
  });

  it('gives an instance its time before it is called ill', () => {
    expect(read({ group: 'web', initial_delay: '90s' }).group.initialDelay).toBe(90);
  });
});
