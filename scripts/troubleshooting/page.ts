import type { Family, Problem } from './problem.ts';
import { COMPUTE_ENGINE } from './problems/compute-engine.ts';
import { FLY } from './problems/fly.ts';
import { GOOGLE_CLOUD } from './problems/google-cloud.ts';
import { IMAGE } from './problems/image.ts';
import { KUBERNETES_ENGINE } from './problems/kubernetes-engine.ts';
import { NETWORK } from './problems/network.ts';
import { SIGN_IN } from './problems/sign-in.ts';
import { WORKFLOW } from './problems/workflow.ts';
import { readSaid } from './sources.ts';

const FAMILIES: readonly Family[] = [
  WORKFLOW,
  SIGN_IN,
  NETWORK,
  IMAGE,
  GOOGLE_CLOUD,
  COMPUTE_ENGINE,
  KUBERNETES_ENGINE,
  FLY,
];

/** The families of docs/troubleshooting.md. */
export function troubleshootingTables(root: string): string {
  refuseGaps(root);
  return FAMILIES.map(({ title, problems }) => `## ${title}\n\n${table(problems)}`).join('\n\n');
}

/** The tables of docs/credentials.md: refusals of a sign-in, and requests without a usable answer. */
export function credentialsTables(): Record<string, string> {
  const ofRequests = NETWORK.problems.filter(({ codes }) =>
    codes.some((code) => /^(unreachable|tls|proxy|redirected|answer-\w+(-\w+)?)$/.test(code)),
  );
  return { refusals: table(SIGN_IN.problems), requests: table(ofRequests) };
}

function table(problems: readonly Problem[]): string {
  const rows = problems.map(({ codes, says, why, fix }) => {
    const names = codes.map((code) => `\`${code}\``).join(', ');
    return `| ${says.replaceAll('|', '\\|')}<br>${names} | ${why} | ${fix} |`;
  });
  return ['| The message says | Why | What to do |', '|---|---|---|', ...rows].join('\n');
}

/** @throws Error when an error of the sources has no row, or a row is about an error or a message that is gone */
function refuseGaps(root: string): void {
  const { codes, texts } = readSaid(root);
  const problems = FAMILIES.flatMap((family) => family.problems);
  const explained = problems.flatMap((problem) => problem.codes);
  const gaps = [
    ...[...codes]
      .filter((code) => !explained.includes(code))
      .map((code) => `no row explains the error "${code}"`),
    ...explained.filter((code) => !codes.has(code)).map((code) => `no error has the code "${code}"`),
    ...explained
      .filter((code, index) => explained.indexOf(code) !== index)
      .map((code) => `two rows explain "${code}"`),
    ...problems.filter(({ says }) => !isSaid(says, texts)).map(({ says }) => `no message says "${says}"`),
  ];
  if (gaps.length > 0)
    throw new Error(
      `docs/troubleshooting.md: ${gaps.join('; ')}. Its rows are in scripts/troubleshooting/problems.`,
    );
}

/** Whether some text of the sources has what stands between the placeholders, in that order. */
function isSaid(says: string, texts: readonly string[]): boolean {
  const parts = says.split('…').filter((part) => part.trim() !== '');
  const pattern = new RegExp(parts.map((part) => RegExp.escape(part)).join('[\\s\\S]*'));
  return texts.some((text) => pattern.test(text));
}
