import type { Command } from 'unbash';

/** The file that a command's output goes to: `GITHUB_ENV` of `>> "$GITHUB_ENV"`, else the text of the word. */
export function targetOf(command: Command): string | undefined {
  for (const redirect of command.redirects) {
    if (
      redirect.type !== 'Redirect' ||
      !/^(>>?|>\|)$/.test(redirect.operator) ||
      redirect.target === undefined
    )
      continue;
    if (redirect.descriptor?.type === 'FileDescriptor' && redirect.descriptor.value !== 1) continue;
    const text = redirect.target.text.replace(/["']/g, '');
    return /^\$\{?(GITHUB_(?:ENV|OUTPUT|PATH|STEP_SUMMARY))\}?$/.exec(text)?.[1] ?? text;
  }
  return undefined;
}

/** Whether nothing else than the log gets what a command says. */
export function saysToTheLog(command: Command): boolean {
  return command.redirects.every((redirect) => {
    if (redirect.type !== 'Redirect') return false;
    const text = redirect.target?.text ?? '';
    return redirect.operator === '>&' || redirect.operator === '&>' || text === '/dev/null';
  });
}

/** Names of variables that a text writes to GITHUB_ENV, as far as it can be seen. */
export function exportedIn(text: string): string[] {
  if (!/GITHUB_ENV|::set-env/.test(text)) return [];
  return [...text.matchAll(/(?:^|["'\s])([A-Za-z_]\w*)(?:=|<<)/gm)].map(([, name = '']) => name);
}
