import { answerProblems } from './answers.ts';
import { type Document, methodsFor } from './document.ts';
import type { Exchange } from './exchange.ts';
import { requestProblems } from './requests.ts';
import type { Problem } from './values.ts';

/** What an exchange has wrong, and who does. */
export interface Violation extends Problem {
  /** `client`: what was sent. `cloud`: what was answered, or that what was sent was taken. */
  readonly by: 'client' | 'cloud';
}

/**
 * Judges an exchange by what Google publishes of the API, and by nothing else. Tests send wrong requests on purpose: they must be refused.
 * A client that is to be judged must send none.
 *
 * @param documents the discovery documents of all APIs
 * @param isJudged whether a wrong request is the client's fault, whatever it is answered
 * @returns undefined for a host of no document
 */
export function judge(
  exchange: Exchange,
  documents: readonly Document[],
  isJudged: (agent: string) => boolean,
): readonly Violation[] | undefined {
  const { host, method, status, agent, isFault } = exchange;
  const url = new URL(exchange.path, 'http://host');
  const own = documents.filter(({ rootUrl }) => new URL(rootUrl).hostname === host);
  if (own.length === 0) return undefined;
  const found = own.flatMap((document) => methodsFor(document, method, url.pathname));
  const violations: Violation[] = [];
  // Several methods may share a path: a request is for the one that it fits best.
  const asked = found
    .map((one) => ({ one, problems: [...requestProblems(exchange, url, one)] }))
    .toSorted((one, other) => one.problems.length - other.problems.length)[0];
  const problems = asked ? asked.problems : [{ kind: 'no such method', detail: `${method} ${url.pathname}` }];
  const isTaken = status < 300 && !isFault;
  for (const problem of problems) {
    if (isJudged(agent)) violations.push({ ...problem, by: 'client' });
    // What is output only is ignored (https://google.aip.dev/203).
    if (isTaken && problem.kind !== 'output-only field')
      violations.push({ ...problem, kind: `takes: ${problem.kind}`, by: 'cloud' });
  }
  if (!isFault)
    for (const problem of answerProblems(exchange, asked?.one)) violations.push({ ...problem, by: 'cloud' });
  return violations;
}
