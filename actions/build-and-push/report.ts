import { log, type Stopwatch, setOutputs, writeSummary } from '@gangway/action';
import { formatImageName } from '@gangway/registry';
import type { Inputs } from './inputs.ts';
import type { Published } from './publish.ts';
import { isChanged } from './tag-pushed.ts';

/** Hands on what was pushed: outputs, the log's last line, the summary. */
export async function report(
  { image, tags }: Inputs,
  published: Published,
  { parts }: Stopwatch,
): Promise<void> {
  const { digest, spec = '' } = published;
  const changed = isChanged(published);
  const name = formatImageName(image);
  setOutputs({
    image: `${name}@${digest}`,
    digest,
    tags: tags.map((tag) => `${name}:${tag}`),
    changed,
    spec,
  });
  log.info(`Pushed ${name}@${digest}.`);
  await writeSummary({
    title: `Image ${image.name}`,
    lead: lead(published, image.repository),
    facts: [
      ['Image', `\`${name}\``],
      ['Digest', `\`${digest}\``],
      ['Tags', tags.map((tag) => `\`${tag}\``).join(' ')],
    ],
    parts,
  });
}

function lead(published: Published, repository: string): string {
  if (published.created) return `Built and pushed; the repository ${repository} was created.`;
  if (!isChanged(published))
    return 'The registry held this very image under every tag already; nothing changed.';
  return published.standing
    ? 'Immutable tags named the image of this commit already; the others name it now.'
    : 'Built and pushed.';
}
