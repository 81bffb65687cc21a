import type { Report } from '../diagnostic.ts';
import type { ApiDocument } from '../model/document.ts';
import type { Place } from '../place.ts';
import { type Definitions, definitionsOf } from './definitions.ts';

/** What converting a schema needs to know. */
export interface SchemaScope {
  readonly document: ApiDocument;
  readonly definitions: Definitions;
  readonly report: Report;
  /** Notes that a plain parameter loses a keyword that nearly all of them have, such as its title. */
  readonly lose: (keyword: string, place: Place) => void;
}

/** A scope, and a way to say at the end, once for the whole document, what is lost over and over. */
export function schemaScope(
  document: ApiDocument,
  report: Report,
): SchemaScope & { readonly summarise: () => void } {
  const lost = new Map<string, Set<Place>>();
  const lose = (keyword: string, place: Place): void => {
    const places = lost.get(keyword);
    if (places === undefined) lost.set(keyword, new Set([place]));
    else places.add(place);
  };
  const summarise = (): void => {
    for (const [keyword, places] of lost) {
      const [first = '#'] = places;
      report(
        'field-dropped',
        first,
        `Swagger 2.0 has no ${keyword} in parameters, headers and form fields: ${places.size} left out, this the first.`,
      );
    }
  };
  return { document, definitions: definitionsOf(document, report), report, lose, summarise };
}
