import { invalid } from '@gangway/action';

/** What to ask of what was deployed. */
export interface Question {
  /** A path, or a whole URL. */
  readonly url: string;
  readonly method: string;
  /** What it must be answered with; undefined is any from 200 to 299. */
  readonly status: number | undefined;
}

/**
 * Reads `[METHOD] PATH [STATUS]`, where a whole URL may stand in place of the path.
 *
 * @param name of the input
 * @throws ActionError that names it
 */
export function readQuestion(name: string, text: string): Question {
  const [, method = 'GET', url, status] =
    /^(?:([A-Za-z]+)\s+)?(\/\S*|https?:\/\/[^\s/]\S*)(?:\s+([1-5]\d\d))?$/.exec(text) ?? [];
  if (!url)
    throw invalid(
      name,
      text,
      'write a path such as /healthz, or a whole URL; [METHOD] PATH [STATUS] for another answer than 2xx, e.g. GET /healthz 401',
    );
  return { url, method: method.toUpperCase(), status: status ? Number(status) : undefined };
}
