import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LATEST, REVISION } from '../../actions/deploy-cloud-run/api/allocation.ts';
import type { TrafficTarget } from '../../actions/deploy-cloud-run/api/resources.ts';
import { lines } from '../../actions/deploy-cloud-run/plan/traffic/targets.ts';
import { wantedTraffic } from '../../actions/deploy-cloud-run/plan/traffic/traffic.ts';
import { generator } from '../fault-matrix/sample.ts';
import { gcloudPython } from '../helpers/gcloud/gcloud-python.ts';
import { hasGcloud } from '../helpers/gcloud/gcloud-run.ts';

// some tests need: gcloud

/** What a service has, and what is asked for: shares by tag, or by revision. */
interface Case {
  readonly before: readonly Target[];
  readonly by: 'tags' | 'revisions';
  readonly shares: Readonly<Record<string, number>>;
}
interface Target {
  readonly key: string;
  readonly percent?: number;
  readonly tag?: string | null;
}

const CASES = 3000;
/** Divides traffic as `gcloud run services update-traffic --to-revisions` and `--to-tags` do. */
const DIVIDER = `
import json, sys, warnings
warnings.simplefilter('ignore')
sys.path[:0] = [sys.argv[1] + '/lib', sys.argv[1] + '/lib/third_party']
from googlecloudsdk.api_lib.util import apis
from googlecloudsdk.api_lib.run import traffic
api = apis.GetMessagesModule('run', 'v1')
answers = []
for case in json.load(open(sys.argv[2])):
    try:
        targets = [traffic.NewTrafficTarget(api, t['key'], t.get('percent'), t.get('tag')) for t in case['before']]
        wrapped = traffic.TrafficTargets(api, targets)
        of = wrapped.TagToKey() if case['by'] == 'tags' else {}
        wrapped.UpdateTraffic({of.get(key, key): percent for key, percent in case['shares'].items()})
        answers.append([{'key': traffic.GetKey(t), 'percent': t.percent or 0, 'tag': t.tag} for t in targets])
    except (ValueError, traffic.InvalidTrafficSpecificationError):
        answers.append(None)
print(json.dumps(answers))
`;

it.skipIf(!hasGcloud)(
  `divides traffic as the installed gcloud does, or refuses to, in ${CASES} cases`,
  async () => {
    const random = generator(14);
    const cases = Array.from({ length: CASES }, () => draw((below) => Math.floor(random() * below)));
    const folder = await mkdtemp(join(tmpdir(), 'gangway-traffic-'));
    try {
      const file = join(folder, 'cases.json');
      await writeFile(file, JSON.stringify(cases));
      const theirs = await gcloudPython<(readonly Target[] | null)[]>(DIVIDER, file);
      const told = cases.map((one, index) => {
        const answer = theirs[index];
        return { ...one, traffic: answer ? lines(answer.map(target)) : 'refused' };
      });
      expect(cases.map((one) => ({ ...one, traffic: divide(one) }))).toEqual(told);
      expect(theirs.filter((answer) => answer !== null).length).toBeGreaterThan(CASES / 2);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  60_000,
);

function draw(pick: (below: number) => number): Case {
  const some = <T>(all: readonly T[]) => all.filter(() => pick(2) === 1);
  const before: Target[] = [];
  const keys = some(['s-1', 's-2', 's-3', 'LATEST']);
  let left = 100;
  for (const [index, key] of (keys.length > 0 ? keys : ['LATEST']).entries()) {
    const percent = index >= keys.length - 1 ? left : pick(left + 1);
    left -= percent;
    if (percent > 0) before.push({ key, percent });
  }
  // One each: of two tags that lead to one revision, gcloud takes the last one's share, which we refuse to guess.
  const tagged = [...some(['LATEST', 's-1', 's-2', 's-5']).entries()];
  const tags = tagged.map(([index, key]) => ({ key, tag: `t-${index}` }));
  before.push(...tags);
  const by = tags.length > 0 && pick(2) === 1 ? 'tags' : 'revisions';
  const asked = by === 'tags' ? some(tags.map(({ tag }) => tag)) : some(['LATEST', 's-1', 's-6']);
  let rest = 100;
  const shares = (asked.length > 0 ? asked : [by === 'tags' ? 't-0' : 's-1']).map((key) => {
    const percent = pick(3) === 0 ? 0 : pick(rest + 1);
    rest -= percent;
    return [key, percent] as const;
  });
  return { before, by, shares: Object.fromEntries(shares) };
}

function divide({ before, by, shares }: Case): readonly string[] | 'refused' {
  const split = by === 'tags' ? { tags: shares } : { revisions: shares };
  const service = { traffic: before.map(target), latestReadyRevision: 'services/s/revisions/s-9' };
  try {
    return lines(wantedTraffic(service, { split, tag: undefined, check: undefined }, 's-9', false));
  } catch {
    return 'refused';
  }
}

function target({ key, percent = 0, tag }: Target): TrafficTarget {
  return {
    ...(key === 'LATEST' ? { type: LATEST } : { type: REVISION, revision: key }),
    ...(percent > 0 && { percent }),
    ...(tag && { tag }),
  };
}
