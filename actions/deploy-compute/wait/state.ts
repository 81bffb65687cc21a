import { guestAttributes } from '@gangway/compute';
import { instancePath, type Place } from '../place.ts';

/** What a machine says of its unit, as the start script writes it. */
export interface State {
  /** Of the configuration that it booted with. */
  readonly id: string;
  /** When the unit began; another one for each time. */
  readonly began: string;
  /** `pulling`, `running` or `failed`. */
  readonly state: string;
  /** The image that runs, or why none does. */
  readonly detail: string;
}

/** What the machine said last; undefined while it has said nothing. */
export async function stateOf(place: Place, name: string): Promise<State | undefined> {
  const attributes = await guestAttributes(place.compute, instancePath(place, name), 'gangway');
  const [, id = '', began = '', state = '', detail = ''] =
    /^(\S+) (\S+) (\S+) ?(.*)$/s.exec(attributes.get('state') ?? '') ?? [];
  return id === '' ? undefined : { id, began, state, detail };
}
