import { type Call, json, type Reply } from '../../kernel/http/call.ts';
import type { Route } from '../../kernel/http/route.ts';
import { seededAccounts } from '../../seeded.ts';
import type { Context } from './context.ts';
import { requireFingerprint } from './fingerprint.ts';
import { guarded } from './guarded.ts';
import { metadataOf } from './instances/metadata.ts';
import { linkTo } from './links.ts';
import { operate } from './operations/operate.ts';

/** The project as Compute Engine sees it (https://cloud.google.com/compute/docs/reference/rest/v1/projects). */
export const projectRoutes: readonly Route<Context>[] = [
  guarded('GET', '', 'compute.projects.get', (_, cloud) => ({ body: shown(cloud) })),
  guarded('POST', '/setCommonInstanceMetadata', 'compute.projects.setCommonInstanceMetadata', setMetadata),
];

function setMetadata(call: Call, cloud: Context): Reply {
  const { compute, project } = cloud;
  const asked = json<{ fingerprint?: string }>(call);
  requireFingerprint(
    asked.fingerprint,
    metadataOf({ items: compute.commonMetadata }).fingerprint,
    'metadata',
  );
  const { items = [] } = metadataOf(asked, 'metadata');
  const work = () => {
    compute.commonMetadata = items;
    for (const { selfLink } of compute.everywhere('instances'))
      cloud.machines.changed(selfLink.replace(/^.*?\/projects\/[^/]+\//, ''));
  };
  return operate(call, cloud, {
    ...{ type: 'compute.projects.setCommonInstanceMetadata', target: '', targetId: project.number },
    work,
  });
}

function shown({ compute, project }: Context): Record<string, unknown> {
  const { runtime } = seededAccounts(project);
  return {
    kind: 'compute#project',
    id: project.number,
    creationTimestamp: '2024-01-02T03:04:05.000-08:00',
    name: project.id,
    commonInstanceMetadata: metadataOf({ items: compute.commonMetadata }),
    quotas: [
      { metric: 'NETWORKS', limit: 5, usage: 1 },
      { metric: 'FIREWALLS', limit: 100, usage: compute.list('global/firewalls').length },
      { metric: 'INSTANCE_TEMPLATES', limit: 100, usage: compute.list('global/instanceTemplates').length },
    ],
    defaultServiceAccount: runtime,
    xpnProjectStatus: 'UNSPECIFIED_XPN_PROJECT_STATUS',
    defaultNetworkTier: 'PREMIUM',
    vmDnsSetting: 'ZONAL_ONLY',
    selfLink: linkTo(project.id, ''),
  };
}
