import { own } from '../../json.ts';
import type { Draft } from '../draft.ts';
import { generatedId } from './operation-ids.ts';
import { writeTemplate } from './template.ts';

/**
 * An OPTIONS operation for every path that has none (https://fetch.spec.whatwg.org/#http-cors-protocol), to the backend of the path's first operation. A
 * browser sends no credentials with it.
 */
export function preflights(drafts: readonly Draft[]): readonly Draft[] {
  const key = (draft: Draft): string => writeTemplate(draft.template, 'erased');
  const answered = new Set(drafts.filter(({ method }) => method === 'options').map(key));
  const first = new Map<string, Draft>();
  for (const draft of drafts)
    if (!answered.has(key(draft)) && !first.has(key(draft))) first.set(key(draft), draft);
  return [...first.values()].map((draft) => {
    const backend = own(draft.operation, 'x-google-backend');
    const servers = own(draft.operation, 'servers');
    return {
      ...draft,
      method: 'options',
      parameters: draft.parameters.filter(({ object }) => object.in === 'path'),
      operation: {
        operationId: generatedId('options', draft.path),
        summary: 'CORS preflight',
        responses: { 204: { description: 'What the backend allows.' } },
        ...(backend === undefined ? {} : { 'x-google-backend': backend }),
        ...(servers === undefined ? {} : { servers }),
      },
      open: true,
    };
  });
}
