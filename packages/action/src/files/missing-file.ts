import { readdirSync } from 'node:fs';

const CHECKOUT =
  'the workspace is empty: check out the repository with actions/checkout, in a step before this one';

/** What to do about a file that is not there: check out, where nothing is; else what the caller says. */
export function missingFileHint(otherwise: string): string {
  return isEmpty() ? CHECKOUT : otherwise;
}

/** A credential file that google-github-actions/auth leaves there is nobody's checkout. */
function isEmpty(): boolean {
  try {
    return readdirSync(process.env.GITHUB_WORKSPACE || process.cwd()).every((name) =>
      /^gha-creds-\w+\.json$/.test(name),
    );
  } catch {
    return false;
  }
}
