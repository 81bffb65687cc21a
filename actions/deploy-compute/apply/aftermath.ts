import { ActionError } from '@gangway/action';

/** An error of a deploy, with what became of what ran before. */
export function aftermath(error: unknown): (became: string) => ActionError {
  const said = error instanceof Error ? error.message : String(error);
  const known = error instanceof ActionError ? error : undefined;
  return (became) =>
    new ActionError(`${said}\n${became}`, {
      code: known?.code ?? 'deploy-failed',
      hint: known?.hint,
      cause: error,
    });
}
