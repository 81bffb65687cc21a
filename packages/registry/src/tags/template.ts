import { type BuildEvent, onDefaultBranch, refName } from './build-event.ts';
import { DateFormatError, formatDate } from './date-format.ts';

/** A template that can't be filled in, whatever the event. */
export class TemplateError extends Error {}

/** What a variable stands for; undefined where the event has no such thing. */
export type Variables = Readonly<Record<string, (call: Call) => string | undefined>>;

interface Call {
  readonly argument: string | undefined;
  readonly options: Readonly<Record<string, string>>;
}

export interface Rendered {
  readonly text: string;
  /** Whether each variable stood for something. */
  readonly complete: boolean;
}

/** In two braces or three, which say that the value is not to be escaped for HTML. */
const EXPRESSION = /\{\{(\{?)\s*([a-z_]+)((?:\s+(?:[a-z_]+=)?(?:'[^']*'|"[^"]*"))*)\s*\}\}(\}?)/g;

/**
 * Fills in `{{name}}`, `{{date 'YYYYMMDD' tz='Europe/Berlin'}}`: the part of Handlebars that tags of
 * docker/metadata-action are written in.
 *
 * @throws TemplateError for an unknown variable, or what is no expression
 */
export function render(template: string, variables: Variables): Rendered {
  let complete = true;
  const text = template.replace(
    EXPRESSION,
    (whole: string, open: string, name: string, rest: string, close) => {
      if (open.length !== close.length) return whole;
      const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (!variable)
        throw new TemplateError(`{{${name}}} is unknown; there are ${Object.keys(variables).join(', ')}`);
      const value = variable(readCall(name, rest));
      if (!value) complete = false;
      return open ? (value ?? '') : escapeHtml(value ?? '');
    },
  );
  if (/\{\{|\}\}/.test(text)) {
    throw new TemplateError("write {{name}} or, for dates, {{date 'YYYYMMDD' tz='Europe/Berlin'}}");
  }
  return { text, complete };
}

/**
 * Finds mistakes in a template that a run would meet only at another event, such as a release.
 *
 * @param more variables besides those of every event
 * @throws TemplateError
 */
export function checkTemplate(text: string, more: Variables = {}): void {
  render(text, { ...eventVariables(SAMPLE), ...more });
}

/** Names of the variables in a template. */
export function variablesIn(template: string): string[] {
  return [...template.matchAll(EXPRESSION)].map(([, , name = '']) => name);
}

/** As Handlebars does: a branch `a&b` is `a&amp;b`, of which a tag makes `a-amp-b`. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`=]/g, (char) => ESCAPES[char] ?? char);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
  '=': '&#x3D;',
};

/** The variables that any tag may be made of, under docker/metadata-action's names and a few more. */
export function eventVariables(event: BuildEvent): Variables {
  const { ref, sha, shortSha, baseBranch, runNumber, now, committed } = event;
  return {
    branch: () => refName(ref, 'heads'),
    tag: () => refName(ref, 'tags'),
    pr: () => refName(ref, 'pull'),
    sha: () => shortSha,
    full_sha: () => sha,
    base_ref: () => baseBranch,
    run_number: () => runNumber,
    is_default_branch: () => String(onDefaultBranch(event) === true),
    is_not_default_branch: () => String(onDefaultBranch(event) !== true),
    date: (call) => dated(now, call),
    commit_date: (call) => committed && dated(committed, call),
  };
}

const SAMPLE: BuildEvent = {
  name: 'push',
  ref: 'refs/heads/main',
  sha: undefined,
  shortSha: undefined,
  defaultBranch: 'main',
  baseBranch: undefined,
  runNumber: undefined,
  repository: { name: undefined, description: undefined, url: undefined, license: undefined },
  committed: new Date(0),
  now: new Date(0),
};

function readCall(name: string, rest: string): Call {
  const given = [...rest.matchAll(/(?:([a-z_]+)=)?(?:'([^']*)'|"([^"]*)")/g)];
  const values = given.map(([, key, single, double]) => [key, single ?? double ?? ''] as const);
  const [argument, ...more] = values.filter(([key]) => key === undefined);
  if (more.length > 0) throw new TemplateError(`{{${name}}} takes one value in quotes`);
  const options = Object.fromEntries(values.flatMap(([key, value]) => (key ? [[key, value]] : [])));
  if (name.endsWith('date')) return { argument: argument?.[1], options };
  if (values.length > 0) throw new TemplateError(`{{${name}}} takes no values`);
  return { argument: undefined, options };
}

function dated(date: Date, { argument, options: { tz, ...others } }: Call): string {
  const [unknown] = Object.keys(others);
  if (unknown) throw new TemplateError(`a date takes tz='Europe/Berlin', not ${unknown}`);
  if (!argument) throw new TemplateError("give the date a format, such as {{date 'YYYYMMDD'}}");
  try {
    return formatDate(date, argument, tz);
  } catch (error) {
    if (!(error instanceof DateFormatError)) throw error;
    throw new TemplateError(`${error.message}; write tokens such as YYYYMMDD-HHmmss`, { cause: error });
  }
}
