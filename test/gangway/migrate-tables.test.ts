import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FLAGS } from '../../actions/deploy-cloud-run/inputs/gcloud-flags.ts';
import { readExtraArguments } from '../../actions/fly-deploy/flyctl/extra-arguments.ts';
import { type Mapping, mappingOf, type Table } from '../../packages/cli/src/migrate/tables/mapping.ts';
import { PAGES } from '../../packages/cli/src/migrate/tables/pages.ts';

const TABLES: readonly Table[] = Object.values(PAGES).flatMap((tables) => Object.values(tables));
const ROOT = new URL('../../', import.meta.url);

/** Inputs that the actions of others declare, each in its action.yml. */
const PEERS: Readonly<Record<string, string>> = {
  // @ fc21748
  'google-github-actions/auth':
    'project_id workload_identity_provider service_account audience credentials_json create_credentials_file export_environment_variables token_format delegates universe request_reason cleanup_credentials access_token_lifetime access_token_scopes access_token_subject id_token_audience id_token_include_email',
  // @ aa5489c8
  'google-github-actions/setup-gcloud': 'version project_id install_components skip_install cache',
  // @ 2028e2d
  'google-github-actions/deploy-cloudrun':
    'service job metadata image source suffix env_vars env_vars_update_strategy secrets secrets_update_strategy labels skip_default_labels tag timeout flags no_traffic wait revision_traffic tag_traffic update_traffic_flags project_id region gcloud_version gcloud_component',
  // @ cb941d0
  'docker/build-push-action':
    'add-hosts allow annotations attests build-args build-contexts builder cache-from cache-to call cgroup-parent context file labels load network no-cache no-cache-filters outputs platforms provenance pull push sbom secrets secret-envs secret-files shm-size ssh tags target ulimit github-token',
  // @ 9f4a8ea
  'docker/login-action': 'registry username password ecr scope logout registry-auth',
  // @ dc80280
  'docker/metadata-action':
    'context images tags flavor labels annotations sep-tags sep-labels sep-annotations bake-target github-token',
  // @ 5513ff3
  'superfly/fly-pr-review-apps':
    'name image config build_args build_secrets region org path postgres secrets vmsize cpu cpukind memory ha launch_options deploy_options',
};

describe.each(TABLES.map((table) => [table.source, table] as const))('the table of %s', (source, table) => {
  it('says one thing of each name, once', () => {
    const names = table.mappings.flatMap(({ from, also = [] }) => [from, ...also]);
    expect(new Set(names).size).toBe(names.length);
    for (const { from, to, parts, left, stays, unless } of table.mappings) {
      const said = [to, parts, left ?? stays].filter((one) => one !== undefined);
      expect(said.length, from).toBe(1);
      if (left !== undefined && stays !== undefined) expect(unless, from).toBeDefined();
    }
  });

  it('names inputs that the action has', () => {
    const { action } = table;
    const inputs = action === undefined ? undefined : inputsOf(action);
    for (const { from, to, with: fixed = {} } of table.mappings)
      for (const name of [...(to === undefined ? [] : [to]), ...Object.keys(fixed)])
        if (inputs) expect(inputs, `${source} ${from}`).toContain(name);
  });

  it('has all inputs that there are', () => {
    const missing = (PEERS[source] ?? '').split(' ').filter((name) => name !== '' && !mappingOf(table, name));
    expect(missing).toEqual([]);
  });
});

it('is there for each peer', () => {
  expect(Object.keys(PEERS).filter((source) => !TABLES.some((table) => table.source === source))).toEqual([]);
});

it('agrees with what deploy-cloud-run says to write in place of flags', () => {
  const table = TABLES.find(({ source }) => source === 'gcloud run deploy') as Table;
  for (const [flags, here] of FLAGS)
    for (const flag of flags.split(' ')) {
      const mapping = mappingOf(table, `--${flag}`);
      // What has no input stays, also as a flag that is not known.
      if (!mapping || mapping.stays !== undefined || mapping.left !== undefined) continue;
      expect(here, flag).toContain(`\`${inputOf(mapping)}`);
    }
});

it('passes on no flag of flyctl that fly-deploy refuses', () => {
  const table = TABLES.find(({ source }) => source === 'flyctl deploy') as Table;
  const passed = table.mappings.filter(({ to }) => to === 'flyctl_args');
  expect(passed.length).toBeGreaterThan(10);
  for (const { from, alone } of passed) {
    process.env.INPUT_FLYCTL_ARGS = alone ? from : `${from} 1`;
    expect(readExtraArguments(), from).toEqual(alone ? [from] : [from, '1']);
  }
  delete process.env.INPUT_FLYCTL_ARGS;
});

it('stands on a page each, which says when to stay', () => {
  const pages = readdirSync(new URL('docs/migrating', ROOT)).sort();
  expect(pages).toEqual(
    Object.keys(PAGES)
      .map((page) => `${page}.md`)
      .sort(),
  );
  for (const page of pages) expect(read(`docs/migrating/${page}`)).toContain('## When to stay');
});

function inputOf({ to, with: fixed }: Mapping): string {
  return Object.keys(fixed ?? {})[0] ?? to ?? 'image';
}

function inputsOf(action: string): string[] {
  return Object.keys(
    (parse(read(`actions/${action}/action.yml`)) as { inputs: Record<string, unknown> }).inputs,
  );
}

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}
