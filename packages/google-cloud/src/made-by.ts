/**
 * The label that a resource gets when Gangway creates it, and never later: what carries it is Gangway's to take down again. The
 * label `managed-by: github-actions` says less, as other actions put it too.
 */
export const MADE_BY = { 'created-by': 'gangway' } as const;

/** Whether the labels of a resource say that Gangway created it. */
export function isMadeByGangway(labels: Readonly<Record<string, string>> | undefined): boolean {
  return labels?.['created-by'] === MADE_BY['created-by'];
}
