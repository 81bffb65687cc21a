/** What is this step's alone: its inputs may hold secrets, and who has the request token is the job to GitHub. */
const PRIVATE = /^(INPUT_|STATE_|ACTIONS_ID_TOKEN_REQUEST_)/;

/** The environment that a program started by the step gets: the step's own without what is private to it. */
export function childEnvironment(own: Readonly<Record<string, string>> = {}): Record<string, string> {
  const shared = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !PRIVATE.test(entry[0]),
  );
  return { ...Object.fromEntries(shared), ...own };
}
