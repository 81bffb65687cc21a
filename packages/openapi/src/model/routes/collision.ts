import type { Report } from '../../diagnostic.ts';
import { own, sameJson } from '../../json.ts';
import type { Draft } from '../draft.ts';
import { withoutSlash } from './template.ts';

/** `/items` beside `/items/` is one route at the gateway; anything else that one request matches twice is an error. */
export function resolveCollision<T extends Draft & { readonly written: string }>(
  rival: T,
  draft: T,
  report: Report,
): T {
  const method = draft.method.toUpperCase();
  const slashOnly = withoutSlash(rival.written) === withoutSlash(draft.written);
  const [plain, slashed] = draft.written.endsWith('/') ? [rival, draft] : [draft, rival];
  const same = ['security', 'x-security'].every((key) =>
    sameJson(own(plain.operation, key), own(slashed.operation, key)),
  );
  if (slashOnly && same) {
    report(
      'trailing-slash-merged',
      slashed.place,
      `${method} ${slashed.written} is served as ${plain.written}.`,
    );
    return plain;
  }
  const why = slashOnly ? ', with different security' : '';
  report(
    'path-collision',
    draft.place,
    `${method} ${draft.written} matches what ${rival.written} matches${why}.`,
  );
  return rival;
}
