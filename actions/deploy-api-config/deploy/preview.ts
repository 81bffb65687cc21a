import type { Api } from '@gangway/google-cloud/api-gateway';
import { blocks, code, fence, type Markdown, md, numbered } from '@gangway/markdown';
import type { Operation } from '@gangway/openapi';
import { idOf } from '../plan/plan.ts';
import type { Work } from '../plan/work.ts';
import { aboutSteps } from '../resources/about.ts';
import { serves } from '../resources/gateway.ts';
import type { Standing } from '../resources/standing.ts';
import { type RouteDiff, routeDiffs } from './route-diff.ts';

/** What a deploy would do. */
export interface Preview {
  /** In order, in words; empty when nothing would change. */
  readonly steps: readonly string[];
  /** One for each config that is served now by a gateway of the plan. */
  readonly diffs: readonly RouteDiff[];
}

/** Works out what a deploy would do, by asking only. */
export async function preview(
  work: Work,
  { api, gateways }: { readonly api: Api | undefined; readonly gateways: Standing },
  operations: readonly Operation[],
): Promise<Preview> {
  const { plan, inputs } = work;
  const steps: string[] = [];
  const diffs = await routeDiffs(work, gateways, operations);
  if (!api) steps.push(`create the API ${inputs.api}`);
  const moving = gateways.some((gateway) => !serves(gateway, plan));
  const config = api && moving ? await work.gateways.getConfig(plan.configName, 'BASIC') : undefined;
  if (moving && config?.state !== 'ACTIVE')
    steps.push(`create the config ${plan.configId}${config ? `, which is ${config.state}` : ''}`);
  for (const [index, { location }] of plan.places.entries()) {
    const gateway = gateways[index];
    const from = gateway && idOf(gateway.apiConfig);
    if (!gateway) steps.push(`create the gateway ${inputs.gateway} in ${location}`);
    else if (!serves(gateway, plan))
      steps.push(`move the gateway ${inputs.gateway} in ${location} from ${from} to ${plan.configId}`);
  }
  steps.push(...(await aboutSteps(work)));
  return { steps, diffs };
}

/** The preview for a summary or a comment. */
export function previewMarkdown({ steps, diffs }: Preview): Markdown {
  const plan =
    steps.length > 0
      ? blocks('A deploy would', numbered(steps))
      : md`The gateway serves this document already; a deploy would change nothing.`;
  if (diffs.length === 0) return blocks(plan, 'Nothing is served yet to compare it with.');
  const routes = diffs.map(({ from, lines, breaking }) =>
    lines.length === 0
      ? md`No route differs from ${code(from)}.`
      : blocks(
          md`Routes, against ${code(from)}${breaking ? md`; **some callers break**` : ''}:`,
          fence(lines.join('\n'), 'diff'),
        ),
  );
  return blocks(plan, ...routes);
}
