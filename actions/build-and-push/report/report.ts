import { log, type Stopwatch, setOutputs, writeSummary } from '@gangway/action';
import { blocks, code, joined, link } from '@gangway/markdown';
import { formatImageName, type ImageName } from '@gangway/registry';
import type { Inputs } from '../inputs.ts';
import type { Published } from '../publish.ts';
import { isChanged } from '../push/tag-pushed.ts';
import { layerTable } from './layer-table.ts';
import { stageChart } from './stage-chart.ts';

/** Hands on what was pushed: outputs, the log's last line, the summary. */
export async function report(
  { image, fromImage, tags, version, reproducible }: Inputs,
  published: Published,
  { parts }: Stopwatch,
): Promise<void> {
  const { digest, spec = '', build, comparison, pack } = published;
  const changed = isChanged(published);
  const reused = build === undefined;
  const name = formatImageName(image);
  setOutputs({
    image: `${name}@${digest}`,
    digest,
    tags: tags.map((tag) => `${name}:${tag}`),
    version,
    changed,
    reused,
    spec,
  });
  const earlier = comparison?.earlier;
  const unlike = earlier && `An earlier build of this commit gave ${earlier.digest}: ${earlier.difference}.`;
  if (unlike && reproducible) {
    log.warning(`This build is not reproducible. ${unlike}`, { title: 'Another digest for the same commit' });
  }
  log.info(`${fromImage ? 'Copied' : reused ? 'Reused' : 'Pushed'} ${name}@${digest}.`);
  await writeSummary({
    title: `Image ${image.name}`,
    lead: fromImage
      ? `Copied from ${fromImage.host}/${fromImage.path}, under every tag.`
      : lead(published, image.repository),
    facts: [
      ['Image', code(name)],
      ['Digest', link(code(digest), consolePage(image, digest))],
      ['Tags', joined(tags.map(code), ' ')],
      ...(pack
        ? [
            ['Builder', `${code(pack.builder.name)}, pack ${pack.version}`] as const,
            ['Buildpacks', joined(pack.report.buildpacks.map(code), ', ')] as const,
          ]
        : []),
      ...(unlike ? [[reproducible ? 'Not reproducible' : 'Same commit', unlike] as const] : []),
    ],
    details: blocks(
      comparison ? layerTable(comparison.layers, comparison.before) : '',
      stageChart(build?.steps ?? []),
    ),
    parts,
  });
}

function lead(published: Published, repository: string): string {
  if (published.standing)
    return 'Immutable tags already named the image of this commit, which was reused under every tag.';
  if (!published.build) return 'Unchanged: an image of the same sources was reused, under every tag.';
  if (published.created) return `Built and pushed; the repository ${repository} was created.`;
  return isChanged(published)
    ? 'Built and pushed.'
    : 'The registry already had this image under every tag; nothing changed.';
}

/** Where Google shows an image. */
function consolePage({ project, location, repository, name }: ImageName, digest: string): string {
  const id = project.replace('/', ':');
  const path = [id, location, repository, encodeURIComponent(name), digest].join('/');
  return `https://console.cloud.google.com/artifacts/docker/${path}?project=${id}`;
}
