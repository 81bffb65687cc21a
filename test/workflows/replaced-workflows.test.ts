import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { published } from '../../scripts/act/workspace.ts';
import { errorsInCalls } from './calls.ts';
import { NOT_REPLACED_ON_FLY, REPLACED_ON_FLY, REPLACED_WITH_GOOGLE } from './replaced-fly-workflows.ts';
import { NOT_REPLACED, REPLACED, type Replaced } from './replaced-workflows.ts';

const root = new URL('../../', import.meta.url);
const page = read('docs/replaced-workflows.md');

interface Declared {
  readonly type?: 'string' | 'boolean' | 'number';
  readonly required?: boolean;
}

interface Reusable {
  readonly on: {
    readonly workflow_call: {
      readonly inputs: Readonly<Record<string, Declared>>;
      readonly secrets?: Readonly<Record<string, Declared>>;
    };
  };
}

/** Inputs of which a call of deploy-cloud-run.yml needs one of each line. */
const NEEDED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'deploy-cloud-run.yml': [['service', 'job'], ['repository', 'image_name'], ['region']],
  'preview-fly.yml': [['app'], ['org']],
};

/** What signs in to Google, or names something there. */
const GOOGLE =
  /^(project_id|workload_identity_provider|service_account|delegates|credentials_json)$|pkg\.dev|gcr\.io/;
const ALL = [...REPLACED, ...REPLACED_ON_FLY, ...REPLACED_WITH_GOOGLE];

it('are twenty at least, of twenty repositories', () => {
  expect(new Set(ALL.map(({ repository }) => repository)).size).toBeGreaterThanOrEqual(20);
});

it('are 40 of 44 on Fly.io with a token of Fly.io alone, each of another repository, and the page says so', () => {
  const onFly = [...REPLACED_ON_FLY, ...REPLACED_WITH_GOOGLE, ...NOT_REPLACED_ON_FLY];
  expect(new Set(onFly.map(({ repository }) => repository)).size).toBe(onFly.length);
  expect([onFly.length, REPLACED_ON_FLY.length]).toEqual([44, 40]);
  expect(page).toContain('Of 44 workflows, 40 become one call that needs only a Fly.io token');
  for (const { with: inputs, secrets } of REPLACED_ON_FLY) {
    expect(secrets.api_token).toBeTruthy();
    for (const text of Object.entries({ ...inputs, ...secrets }).flat())
      expect(String(text)).not.toMatch(GOOGLE);
  }
});

describe.each(ALL)('$repository as one call', (replaced) => {
  const text = stringify(callerOf(replaced));
  const { inputs, secrets = {} } = (parse(read(`.github/workflows/${replaced.workflow}`)) as Reusable).on
    .workflow_call;

  it("is valid by GitHub's own parser, with what the workflow takes", async () => {
    expect(await errorsInCalls(text)).toEqual([]);
  });

  it('gives inputs of their types and secrets that there are, and says what is deployed', () => {
    for (const [name, value] of Object.entries(replaced.with)) {
      const { type } = inputs[name] ?? {};
      const isExpression = typeof value === 'string' && /^\$\{\{[^}]*\}\}$/.test(value);
      expect(type, name).toBeDefined();
      if (!isExpression) expect(typeof value, name).toBe(type);
      expect(String(value), 'no secret is known where inputs are').not.toContain('secrets.');
    }
    expect(Object.keys(secrets)).toEqual(expect.arrayContaining(Object.keys(replaced.secrets)));
    for (const some of NEEDED[replaced.workflow] ?? [])
      expect(
        some.filter((name) => name in replaced.with),
        some.join(' or '),
      ).toHaveLength(1);
    const given = Object.keys({ ...replaced.with, ...replaced.secrets });
    expect(
      given.filter((name) => /^(workload_identity_provider|credentials_json|api_token)$/.test(name)),
    ).not.toEqual([]);
  });

  it('is on the page', () => expect(page).toContain(rowOf(replaced)));
});

it("finds by GitHub's parser an input that there isn't, and a secret in an input", async () => {
  const [first] = REPLACED;
  if (!first) throw new Error('there is none');
  for (const [name, value, message] of [
    ['sevice', 'x', 'sevice'],
    ['project_id', '${{ secrets.PROJECT }}', 'secrets'],
  ] as const) {
    const wrong = stringify(callerOf({ ...first, with: { ...first.with, [name]: value } }));
    expect((await errorsInCalls(wrong)).join('\n'), name).toContain(message);
  }
});

it.each([...NOT_REPLACED, ...NOT_REPLACED_ON_FLY])('the page says why not, of $repository', (one) => {
  expect(page).toContain(`| ${linkOf(one)} | ${one.why} |`);
});

function rowOf(replaced: Replaced): string {
  return `| ${linkOf(replaced)} | ${replaced.does} | \`${replaced.workflow}\` |`;
}

function linkOf({ repository, file, commit }: Pick<Replaced, 'repository' | 'file' | 'commit'>): string {
  const path = `.github/workflows/${file}`;
  return `[${repository}, ${file}](https://github.com/${repository}/blob/${commit}/${path})`;
}

/** The workflow that calls. */
function callerOf({ workflow, with: inputs, secrets, matrix, needs }: Replaced): object {
  const before = needs && {
    [needs]: { 'runs-on': 'ubuntu-latest', steps: [{ run: 'make test' }] },
  };
  const previews = workflow.startsWith('preview');
  return {
    on: previews
      ? { pull_request: { types: ['opened', 'reopened', 'synchronize', 'closed'] } }
      : { push: { branches: ['main'] }, workflow_dispatch: null },
    permissions: {},
    jobs: {
      ...before,
      deploy: {
        ...(needs && { needs }),
        ...(matrix && { strategy: { matrix } }),
        permissions: {
          contents: 'read',
          'id-token': 'write',
          ...(previews && { 'pull-requests': 'write' }),
        },
        uses: `${published}/.github/workflows/${workflow}@v1`,
        with: inputs,
        ...(Object.keys(secrets).length > 0 && { secrets }),
      },
    },
  };
}

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}
