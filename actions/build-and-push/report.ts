import { log, type Stopwatch, setOutputs, writeSummary } from '@gangway/action';
import { formatImageName } from '@gangway/registry';
import type { Inputs } from './inputs.ts';
import type { Published } from './publish.ts';

/** Hands on what was pushed: outputs, the log's last line, the summary. */
export async function report(
  { image, tags }: Inputs,
  { digest, created, spec = '' }: Published,
  { parts }: Stopwatch,
): Promise<void> {
  const name = formatImageName(image);
  setOutputs({ image: `${name}@${digest}`, digest, tags: tags.map((tag) => `${name}:${tag}`), spec });
  log.info(`Pushed ${name}@${digest}.`);
  await writeSummary({
    title: `Image ${image.name}`,
    lead: created ? `Built and pushed; the repository ${image.repository} was created.` : 'Built and pushed.',
    facts: [
      ['Image', `\`${name}\``],
      ['Digest', `\`${digest}\``],
      ['Tags', tags.map((tag) => `\`${tag}\``).join(' ')],
    ],
    parts,
  });
}
