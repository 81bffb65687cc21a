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
  const { digest, created, spec = '' } = published;
  const changed = isChanged(published);
  const reused = published.build === undefined;
  const name = formatImageName(image);
  setOutputs({
    image: `${name}@${digest}`,
    digest,
    tags: tags.map((tag) => `${name}:${tag}`),
    changed,
    reused,
    spec,
  });
  log.info(`${reused ? 'Reused' : 'Pushed'} ${name}@${digest}.`);
  await writeSummary({
    title: `Image ${image.name}`,
    lead: reused ? REUSED : lead(changed, created ? image.repository : undefined),
    facts: [
      ['Image', `\`${name}\``],
      ['Digest', `\`${digest}\``],
      ['Tags', tags.map((tag) => `\`${tag}\``).join(' ')],
    ],
    parts,
  });
}

const REUSED = 'Built from the same sources before: taken as it is, under every tag.';

function lead(changed: boolean, newRepository: string | undefined): string {
  if (newRepository) return `Built and pushed; the repository ${newRepository} was created.`;
  return changed
    ? 'Built and pushed.'
    : 'The registry held this very image under every tag already; nothing changed.';
}
