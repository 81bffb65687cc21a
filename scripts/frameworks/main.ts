/*
 * `npm run frameworks -- FOLDER`: documents that frameworks write, through both dialects. FOLDER has a clone of each repository of
 * SOURCES, bare or not, under the framework's name; of frameworks that are not there, a folder of documents as they print them.
 * A clone of googleapis/api-compiler, as `api-compiler`, adds how the documents of the tests of Google's importer fare.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { IMPORTER, judgeImporter } from './importer.ts';
import { judge, type Verdict } from './judge.ts';
import { SOURCES } from './sources.ts';
import { textsOf } from './texts.ts';

const [folder] = process.argv.slice(2);
if (!folder || !existsSync(folder)) {
  console.error(
    'npm run frameworks -- FOLDER: a folder with a clone of each framework, see scripts/frameworks/sources.ts',
  );
  process.exit(2);
}

const rows: string[] = [];
const faults: string[] = [];
const reasons = new Map<string, number>();
for (const framework of readdirSync(folder).sort()) {
  if (framework === 'api-compiler') continue;
  const counts = { documents: 0, invalid: 0, clean: 0, refused: 0, faulty: 0 };
  for (const { path, text } of textsOf(join(folder, framework), SOURCES[framework]?.documents)) {
    const verdicts: readonly Verdict[] = await judge(path, text);
    if (verdicts.length === 0) continue;
    counts.documents += 1;
    const [worst = 'clean'] = (['faulty', 'invalid', 'refused'] as const).filter((outcome) =>
      verdicts.some((verdict) => verdict.outcome === outcome),
    );
    counts[worst] += 1;
    for (const { outcome, dialect, said } of verdicts) {
      if (outcome === 'faulty') faults.push(`${framework} ${path} (${dialect}): ${said}`);
      if (outcome === 'refused') reasons.set(said, (reasons.get(said) ?? 0) + 1);
    }
  }
  const { documents, invalid, clean, refused, faulty } = counts;
  console.error(`${framework}: ${documents} documents`);
  rows.push(`| ${framework} | ${documents} | ${invalid} | ${clean} | ${refused} | ${faulty} |`);
}
console.log(
  [
    '| Framework | Documents | Not valid as they are | Emitted clean in both dialects | Refused with a reason | Faulty |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    `Reasons: ${[...reasons].map(([code, times]) => `${code} ${times}`).join(', ')}.`,
    ...faults.slice(0, 100),
  ].join('\n'),
);
const importer = join(folder, 'api-compiler');
if (existsSync(importer)) console.log(`\n${judgeImporter(textsOf(importer, new RegExp(`^${IMPORTER}`)))}`);
process.exitCode = faults.length > 0 ? 1 : 0;
