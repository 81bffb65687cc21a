import { githubRequestToken, type RunningCloud, readRequestToken } from '@gangway/emulator';
import { parse, stringify } from 'yaml';

interface Job {
  environment?: string | { name?: string };
  env?: Record<string, string>;
  steps?: unknown[];
}

/** The variable with the request tokens of jobs, as JSON by the name of their environment; empty for none. */
const TOKENS = 'GANGWAY_REQUEST_TOKENS';

/**
 * A workflow whose jobs ask for ID tokens as jobs of the environment that they name. act knows no environments: to it, all
 * jobs of a run are the same, and what its file of variables says of them goes before what they say.
 */
export function withEnvironments(workflow: string): string {
  const content = parse(workflow) as { jobs?: Record<string, Job> };
  for (const job of Object.values(content.jobs ?? {})) {
    if (!job.steps) continue;
    const { environment = '' } = job;
    const name = expressionOf(typeof environment === 'string' ? environment : (environment.name ?? ''));
    // An environment that no workflow names in plain words has a token of none.
    const token = `${of(name)} || ${of("''")}`;
    job.env = { ...job.env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: `\${{ ${token} }}` };
  }
  return stringify(content, { lineWidth: 0 });
}

/**
 * The variable that such a workflow reads.
 *
 * @param token the request token of a job without an environment
 * @param workflows texts of the workflows that name environments, for themselves or to one that they call
 */
export function requestTokens(
  cloud: RunningCloud,
  token: string,
  workflows: readonly string[],
): Readonly<Record<string, string>> {
  const job = readRequestToken(cloud, token);
  const names = environmentsIn(workflows);
  const tokens = names.map((environment) => [
    environment,
    githubRequestToken(cloud, { ...job, environment }),
  ]);
  return requestTokensBy({ '': token, ...Object.fromEntries(tokens) });
}

/** The variable that such a workflow reads, of tokens by the name of their environment; empty for none. */
export function requestTokensBy(tokens: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { [TOKENS]: JSON.stringify(tokens) };
}

/** The environments that workflows name, for themselves or to one that they call. */
export function environmentsIn(workflows: readonly string[]): readonly string[] {
  return [...new Set(workflows.flatMap((workflow) => namesIn(parse(workflow), false)))];
}

function of(name: string): string {
  return `fromJSON(vars.${TOKENS})[${name}]`;
}

/** A text with expressions in it as one expression. */
function expressionOf(text: string): string {
  const [, whole] = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text) ?? [];
  if (whole !== undefined) return whole.trim();
  const values: string[] = [];
  const format = text.replace(
    /\$\{\{(.*?)\}\}/gs,
    (_, value: string) => `{${values.push(value.trim()) - 1}}`,
  );
  const quoted = `'${format.replaceAll("'", "''")}'`;
  return values.length > 0 ? `format(${[quoted, ...values].join(', ')})` : quoted;
}

/** All that stands under a key `environment`: a job's, an input's, its default, or one of a matrix. */
function namesIn(value: unknown, inside: boolean): string[] {
  if (typeof value === 'string') return inside && value !== '' && !value.includes('${{') ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => namesIn(item, inside));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => namesIn(item, inside || key === 'environment'));
}
