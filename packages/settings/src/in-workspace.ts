import { isAbsolute, join } from 'node:path';

/** The path of a file that an input names, relative to the workspace unless it begins with a slash. */
export function inWorkspace(file: string): string {
  return isAbsolute(file) ? file : join(process.env.GITHUB_WORKSPACE ?? process.cwd(), file);
}
