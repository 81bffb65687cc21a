import { log } from '@gangway/action';
import type { Diagnostic } from '@gangway/openapi';

/** Diagnostics of each severity that are shown: GitHub keeps ten annotations of a step. */
const MOST = 50;

/** Shows diagnostics: errors and warnings as annotations on the lines that they are about, notes in the log. */
export function annotate(all: readonly Diagnostic[]): void {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const diagnostic of all) {
    counts[diagnostic.severity]++;
    if (counts[diagnostic.severity] <= MOST) say(diagnostic);
  }
  for (const [severity, count] of Object.entries(counts))
    if (count > MOST) log.info(`… and ${count - MOST} more of severity ${severity}.`);
}

function say({ severity, code, message, hint, file, line, column }: Diagnostic): void {
  const text = hint ? `${message}\nTo fix it: ${hint}` : message;
  const place = { title: code, file, line, column };
  if (severity === 'error') log.error(text, place);
  else if (severity === 'warning') log.warning(text, place);
  else log.info(`${message} (${code})`);
}
