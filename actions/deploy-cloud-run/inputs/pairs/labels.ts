import { input } from '@gangway/action';
import { checkLabels, type Pairs } from '@gangway/settings';

/** @throws ActionError for a label that Google refuses */
export function readLabelPairs(): Pairs {
  const labels = input.pairList('labels');
  checkLabels(labels ?? {});
  return labels;
}
