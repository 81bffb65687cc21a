import type { Preview } from '../inputs/preview.ts';

/** The label of gateways and configs that were made for a pull request, by which they are known when it is closed. */
const LABEL = 'gangway-preview';

type Labels = Readonly<Record<string, string>>;

export function previewLabel(preview: Preview | undefined): Labels {
  return preview ? { [LABEL]: preview.name } : {};
}

/** Whether something was made for the pull request. */
export function isOfPreview({ labels }: { readonly labels: Labels }, preview: Preview): boolean {
  return labels[LABEL] === preview.name;
}
