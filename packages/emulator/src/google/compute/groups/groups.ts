import type { GroupView } from './types.ts';

/** The groups that are looked after, by the paths of their managers. */
export class Groups {
  readonly #all = new Map<string, GroupView>();

  get(path: string): GroupView | undefined {
    return this.#all.get(path);
  }

  add(path: string, group: GroupView): void {
    this.#all.set(path, group);
  }

  forget(path: string): void {
    this.#all.get(path)?.close();
    this.#all.delete(path);
  }

  close(): void {
    for (const group of this.#all.values()) group.close();
  }
}
