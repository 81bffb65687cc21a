import { relative } from 'node:path';
import { log } from '@gangway/action';
import type { Check } from './build-report.ts';

/** Puts what Dockerfile checks found on the Dockerfile's lines. */
export function annotateChecks(checks: readonly Check[], file: string): void {
  for (const { rule, message, line } of checks) {
    const page = rule.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();
    log.warning(`${message}\nSee https://docs.docker.com/go/dockerfile/rule/${page}/`, {
      title: rule,
      file: annotatedPath(file),
      line,
    });
  }
}

/** A path as annotations have it: from the root of the repository. */
export function annotatedPath(file: string): string {
  return relative(process.env.GITHUB_WORKSPACE || '.', file);
}
