import { guestAttributes } from '@gangway/compute';
import type { Place } from '../place.ts';

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

/**
 * What a machine said last; undefined while it has said nothing.
 *
 * @param instance its path below the project
 */
export async function stateOf({ compute }: Place, instance: string): Promise<State | undefined> {
  const attributes = await guestAttributes(compute, instance, 'gangway');
  const [, id = '', began = '', state = '', detail = ''] =
    /^(\S+) (\S+) (\S+) ?(.*)$/s.exec(attributes.get('state') ?? '') ?? [];
  return id === '' ? undefined : { id, began, state, detail };
}
