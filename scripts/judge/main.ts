import { judgeFolder, linesOf } from './exchanges.ts';

/*
 * `node scripts/judge/main.ts FOLDER` judges the exchanges that a local cloud has kept there (GANGWAY_EXCHANGES=FOLDER) by Google's
 * discovery documents, and fails when one is wrong.
 */

const [folder = ''] = process.argv.slice(2);
const verdict = judgeFolder(folder);
for (const line of linesOf(verdict)) console.log(line);
process.exitCode = verdict.violations.length > 0 ? 1 : 0;
