import { type Place, splitPlace } from '../../place.ts';

/** What may stand at a place: a kind of component, something on the way to one, or nothing that is known. */
type Kind =
  | 'root'
  | 'components'
  | 'paths'
  | 'item'
  | 'operation'
  | 'callback'
  | 'media'
  | 'encoding'
  | Component
  | undefined;
type Component =
  | 'schemas'
  | 'responses'
  | 'parameters'
  | 'examples'
  | 'requestBodies'
  | 'headers'
  | 'links'
  | 'callbacks'
  | 'pathItems';

const PARAMETER = { schema: 'schemas', content: ['media'], examples: ['examples'] } as const;

/** What stands below each kind by its key; in a list, one step further down, each by its name or number. */
const BELOW: Readonly<Record<string, Readonly<Record<string, Kind | readonly [Kind]>>>> = {
  root: { components: 'components', paths: ['item'], webhooks: ['item'] },
  components: {
    schemas: ['schemas'],
    responses: ['responses'],
    parameters: ['parameters'],
    examples: ['examples'],
    requestBodies: ['requestBodies'],
    headers: ['headers'],
    links: ['links'],
    callbacks: ['callbacks'],
    pathItems: ['item'],
  },
  item: { parameters: ['parameters'] },
  operation: {
    parameters: ['parameters'],
    requestBody: 'requestBodies',
    responses: ['responses'],
    callbacks: ['callbacks'],
  },
  parameters: PARAMETER,
  headers: PARAMETER,
  requestBodies: { content: ['media'] },
  responses: { content: ['media'], headers: ['headers'], links: ['links'] },
  media: { schema: 'schemas', examples: ['examples'], encoding: ['encoding'] },
  encoding: { headers: ['headers'] },
};

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/** The kind of component that a reference at a place (`…/$ref`) of the document stands for, as far as that is certain. */
export function kindAt(place: Place): string | undefined {
  const { file, keys } = splitPlace(place);
  if (file !== '') return undefined;
  let kind: Kind = 'root';
  for (let index = 0; index < keys.length - 1; index += 1) {
    const key: string = keys[index] ?? '';
    if (kind === 'schemas') return kind;
    if (kind === 'item' && METHODS.has(key)) kind = 'operation';
    else if (kind === 'callbacks') kind = 'item';
    else {
      const next: Kind | readonly [Kind] = BELOW[kind ?? '']?.[key];
      if (typeof next === 'object') {
        kind = next[0];
        index += 1;
        if (index > keys.length - 2) return undefined;
      } else kind = next;
    }
    if (kind === undefined) return undefined;
  }
  return kind;
}
