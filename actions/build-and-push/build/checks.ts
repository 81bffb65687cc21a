import { relative, sep } from 'node:path';
import { log, type Place } from '@gangway/action';
import type { Check } from '../progress/build-report.ts';

/** Puts what Dockerfile checks found on the Dockerfile's lines. */
export function annotateChecks(checks: readonly Check[], file: string): void {
  for (const { rule, message, line } of checks) {
    const page = rule.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();
    log.warning(`${message}\nSee https://docs.docker.com/go/dockerfile/rule/${page}/`, {
      title: rule,
      ...placeOf(file, line),
    });
  }
}

/** A line as annotations have it: of a file of the repository; nowhere for one that a step has made elsewhere. */
export function placeOf(file: string, line: number): Place {
  const path = relative(process.env.GITHUB_WORKSPACE || '.', file)
    .split(sep)
    .join('/');
  return path.startsWith('../') ? {} : { file: path, line };
}
