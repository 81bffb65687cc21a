/** Times the parts of a step for its summary. */
export interface Stopwatch {
  readonly parts: readonly { readonly name: string; readonly milliseconds: number }[];
  /** Runs one part and notes how long it took, also when it fails. */
  time<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export function stopwatch(): Stopwatch {
  const parts: { name: string; milliseconds: number }[] = [];
  return {
    parts,
    async time(name, work) {
      const start = performance.now();
      try {
        return await work();
      } finally {
        parts.push({ name, milliseconds: performance.now() - start });
      }
    },
  };
}
