import { randomBytes } from 'node:crypto';
import type { Circumstances } from '../../kernel/http/answered.ts';
import type { AnsweredRequest } from '../../kernel/http/answered-request.ts';
import { Recent } from '../../kernel/recent.ts';
import { eventOf, type TimelineEvent } from './event.ts';
import { Steps } from './steps.ts';
import type { Surroundings } from './surroundings.ts';

type Listener = (event: TimelineEvent | undefined) => void;

/** Events that are kept for pages which are opened later. */
const KEPT = 3000;

/** The requests that were answered, and the pages that follow them. */
export class Timeline {
  /** Tells it from that of an earlier start. */
  readonly name = randomBytes(6).toString('hex');
  readonly #surroundings: Surroundings;
  readonly #events = new Recent<TimelineEvent>(KEPT);
  readonly #listeners = new Set<Listener>();
  readonly #steps = new Steps();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  add(request: AnsweredRequest, circumstances: Circumstances): void {
    const id = this.#events.count + 1;
    const event = eventOf(id, request, circumstances, this.#surroundings, this.#steps);
    this.#events.add(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** The events that came after one, oldest first. */
  after(id: number): readonly TimelineEvent[] {
    return this.#events.after(id);
  }

  /** Tells of each event from now on, and by undefined that no more come. @returns what ends it */
  follow(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    for (const listener of this.#listeners) listener(undefined);
    this.#listeners.clear();
  }
}
