import type { Organization } from '../organization.ts';

/** An organization's fields. */
export function shownOrganization({
  id,
  numericId,
  slug,
  name,
  personal,
}: Organization): Record<string, unknown> {
  return {
    id,
    internalNumericId: numericId,
    slug,
    rawSlug: slug,
    name,
    type: personal ? 'PERSONAL' : 'SHARED',
    paidPlan: false,
    billable: true,
    billingStatus: 'CURRENT',
    viewerRole: 'admin',
    remoteBuilderImage: '',
    addOns: { nodes: [] },
    limitedAccessTokens: { nodes: [] },
  };
}
