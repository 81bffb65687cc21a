import { relative } from 'node:path';
import { BaseSequencer, createVitest, parseCLI, type TestModule, type TestSpecification } from 'vitest/node';
import type { FileResult } from './summary.ts';

/** The tests that vitest's arguments name, in one vitest that runs them when they are asked for. */
export interface Suite {
  /** Absolute paths of the files. */
  readonly files: readonly string[];
  /** Whether the arguments name files. */
  readonly named: boolean;
  /** Whether a file is beside what it tests, and starts little. */
  isUnit(file: string): boolean;
  /** Begins files in this order and runs them to their end, or until the signal. */
  run(files: readonly string[], stop: AbortSignal): Promise<void>;
  /** Of all files that have run. */
  results(): readonly FileResult[];
  /** Whether something failed that belongs to no test. */
  failed(): boolean;
  close(): Promise<void>;
}

/** @param args as `vitest run` takes them: paths and options */
export async function openSuite(root: string, args: readonly string[]): Promise<Suite> {
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  let order: readonly string[] = [];
  const sequencer = class extends BaseSequencer {
    override async sort(files: TestSpecification[]) {
      const place = new Map(order.map((file, index) => [file, index]));
      return files.toSorted((a, b) => (place.get(a.moduleId) ?? 0) - (place.get(b.moduleId) ?? 0));
    }
  };
  const vitest = await withoutSignals(() =>
    createVitest('test', { ...options, root, watch: false, sequence: { sequencer } }),
  );
  await vitest.standalone();
  const specifications = await vitest.globTestSpecifications([...filter]);
  const byFile = Map.groupBy(specifications, ({ moduleId }) => moduleId);
  let errors = 0;
  return {
    files: [...byFile.keys()].toSorted(),
    named: filter.length > 0,
    isUnit: (file) => byFile.get(file)?.some(({ project }) => project.name === 'unit') ?? false,
    async run(files, stop) {
      order = files;
      const chosen: TestSpecification[] = files.flatMap((file) => byFile.get(file) ?? []);
      const stopped = new Promise<undefined>((resolve) =>
        stop.addEventListener('abort', () => resolve(undefined)),
      );
      const end = await Promise.race([vitest.runTestSpecifications(chosen), stopped]);
      errors += end?.unhandledErrors.length ?? 0;
    },
    results: () => vitest.state.getTestModules().map((module) => resultOf(root, module)),
    failed: () => errors > 0,
    close: () => vitest.close(),
  };
}

/** vitest ends the process at once when a signal comes; ours has daemons to stop first. */
async function withoutSignals<T>(open: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const opened = await open();
  for (const [index, signal] of signals.entries())
    for (const listener of process.listeners(signal))
      if (!before[index]?.includes(listener)) process.off(signal, listener);
  return opened;
}

function resultOf(root: string, module: TestModule): FileResult {
  const tests = [...module.children.allTests()];
  const count = (state: string) => tests.filter((test) => test.result().state === state).length;
  const failed = count('failed');
  return {
    file: relative(root, module.moduleId),
    milliseconds: module.diagnostic().duration,
    passed: count('passed'),
    // One that could not be loaded, or not be cleaned up after, has no test to show for it.
    failed: failed === 0 && module.state() === 'failed' ? 1 : failed,
    failures: tests.filter((test) => test.result().state === 'failed').map(({ fullName }) => fullName),
    skipped: count('skipped'),
    retried: tests.filter((test) => test.diagnostic()?.flaky).map(({ fullName }) => fullName),
  };
}
