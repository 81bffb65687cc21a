import { CPUS, LIMITS, MEMORY } from '@gangway/cloud-run';
import type { Kind } from '../api/kind.ts';
import type { Container, Workload } from '../api/resources.ts';
import type { Problem } from './problem.ts';
import { quantity } from './quantity.ts';

/** What a container's CPUs and memory have to go together with. */
export interface Around {
  readonly kind: Kind;
  readonly environment: Workload['executionEnvironment'];
  /** Requests at once. */
  readonly concurrency: number | undefined;
}

const GEN2 = 'EXECUTION_ENVIRONMENT_GEN2';

/**
 * What of a container's CPUs, memory and GPUs Cloud Run would refuse.
 *
 * @param isWhole whether what is not said has its default; it is unknown otherwise
 * @param isOnly whether the instance is this container's alone
 */
export function* resourceProblems(
  { resources = {} }: Container,
  around: Around,
  { at, isWhole, isOnly, isMain }: { at: string; isWhole: boolean; isOnly: boolean; isMain: boolean },
): Generator<Problem> {
  const { limits = {}, cpuIdle } = resources;
  const inputs = (...names: string[]) => (isMain ? names : ['sidecars']);
  const cpuText = limits.cpu ?? (isWhole ? '1' : undefined);
  const memoryText = limits.memory ?? (isWhole ? '512Mi' : undefined);
  const cpuAt = `${at}.resources.limits.cpu`;
  const memoryAt = `${at}.resources.limits.memory`;
  const cpu = cpuText === undefined ? undefined : quantity(cpuText);
  const memory = memoryText === undefined ? undefined : quantity(memoryText);
  const shownCpu = cpuText === undefined ? '' : shown(cpuText);
  if (cpuText !== undefined && !isCpu(cpu))
    yield {
      ...{ at: cpuAt, inputs: inputs('cpu'), value: cpuText },
      cure: `Cloud Run gives ${CPUS.leastFraction} to 1, 2, 4, 6 or 8 CPUs`,
    };
  if (memoryText !== undefined && (memory === undefined || memory > most()))
    yield {
      ...{ at: memoryAt, inputs: inputs('memory'), value: memoryText },
      cure: `write an amount such as 512Mi or 2Gi, ${MEMORY.at(-1)?.most} at most`,
    };
  const least = leastMemory(around, isOnly, cpu);
  if (memory !== undefined && least && memory < bytes(least.amount))
    yield {
      ...{ at: memoryAt, inputs: inputs('memory', 'execution_environment'), value: memoryText ?? '' },
      cure: `${least.why} at least ${least.amount}`,
    };
  else if (isOnly && isCpu(cpu) && cpu !== undefined && memory !== undefined && memory <= most())
    yield* misfit(cpu, shownCpu, memory, memoryText ?? '', { memoryAt, cpuAt, inputs });
  if (isMain && isOnly && cpu !== undefined && cpu < LIMITS.fractionalCpu.below)
    yield* fractional(around, cpuIdle, { at: cpuAt, inputs, value: shownCpu });
  yield* gpuProblems(limits, { cpu, shownCpu, memory, memoryText, at, inputs });
}

function* misfit(
  cpu: number,
  shownCpu: string,
  memory: number,
  memoryText: string,
  { memoryAt, cpuAt, inputs }: { memoryAt: string; cpuAt: string; inputs: (...names: string[]) => string[] },
): Generator<Problem> {
  const row = MEMORY.find((candidate) => cpu <= candidate.cpu);
  if (!row) return;
  if (memory > bytes(row.most)) {
    const enough = MEMORY.find((candidate) => memory <= bytes(candidate.most));
    const needed = enough === undefined ? 8 : enough.cpu < 1 ? 0.5 : enough.cpu;
    yield {
      ...{ at: memoryAt, inputs: inputs('memory', 'cpu'), value: memoryText },
      cure: `${cpus(shownCpu)} with ${row.most} at most; write less, or cpu: ${needed}`,
    };
  }
  if (memory < bytes(row.least))
    yield {
      ...{ at: cpuAt, inputs: inputs('cpu', 'memory'), value: shownCpu },
      cure: `${cpus(shownCpu)} with ${row.least} at least, and memory is ${memoryText}; write memory: ${row.least} or more, or fewer CPUs`,
    };
}

/** Less than one CPU works for one request at a time, in the first generation, and sleeps in between. */
function* fractional(
  { kind, environment, concurrency }: Around,
  cpuIdle: boolean | undefined,
  { at, inputs, value }: { at: string; inputs: (...names: string[]) => string[]; value: string },
): Generator<Problem> {
  const problem = (names: string[], cure: string): Problem => ({ at, inputs: inputs(...names), value, cure });
  if (kind === 'job') yield problem(['cpu'], `a job has ${LIMITS.jobCpu.least} CPU at least; write cpu: 1`);
  else if (concurrency !== undefined && concurrency > 1)
    yield problem(
      ['cpu', 'concurrency'],
      `with less than 1 CPU, concurrency is 1 at most, and it is ${concurrency}; write concurrency: 1, or cpu: 1`,
    );
  if (kind === 'job') return;
  if (environment === GEN2)
    yield problem(
      ['cpu', 'execution_environment'],
      'less than 1 CPU needs gen1; write execution_environment: gen1, or cpu: 1',
    );
  if (cpuIdle === false)
    yield problem(
      ['cpu', 'cpu_throttling'],
      'less than 1 CPU is given during requests only; write cpu_throttling: true, or cpu: 1',
    );
}

function* gpuProblems(
  limits: Readonly<Record<string, string>>,
  of: {
    cpu: number | undefined;
    shownCpu: string;
    memory: number | undefined;
    memoryText: string | undefined;
    at: string;
    inputs: (...names: string[]) => string[];
  },
): Generator<Problem> {
  const gpu = limits['nvidia.com/gpu'];
  if (gpu === undefined || gpu === '0') return;
  const at = `${of.at}.resources.limits`;
  if (gpu !== String(LIMITS.gpu.most))
    yield { at, inputs: of.inputs('gpu'), value: gpu, cure: 'write 1, or 0 for none' };
  if (of.cpu !== undefined && of.cpu < LIMITS.gpu.cpu)
    yield {
      ...{ at, inputs: of.inputs('gpu', 'gpu_type', 'cpu'), value: gpu },
      cure: `a GPU goes with ${LIMITS.gpu.cpu} CPUs at least, and there are ${of.shownCpu}; write cpu: ${LIMITS.gpu.cpu} or more`,
    };
  if (of.memory !== undefined && of.memory < bytes(LIMITS.gpu.memory))
    yield {
      ...{ at, inputs: of.inputs('gpu', 'gpu_type', 'memory'), value: gpu },
      cure: `a GPU goes with ${LIMITS.gpu.memory} of memory at least, and there are ${of.memoryText}; write memory: ${LIMITS.gpu.memory} or more`,
    };
}

function leastMemory({ kind, environment }: Around, isOnly: boolean, cpu: number | undefined) {
  if (!isOnly) return undefined;
  if (kind === 'job') return { why: 'a job has', amount: LIMITS.memoryOfGen2.least };
  if (environment === GEN2) return { why: 'an instance of gen2 has', amount: LIMITS.memoryOfGen2.least };
  // A number of CPUs asks for more than the generation does.
  return cpu === undefined || cpu <= 2
    ? { why: 'an instance has', amount: LIMITS.memoryOfGen1.least }
    : undefined;
}

function isCpu(cpu: number | undefined): boolean {
  if (cpu === undefined) return false;
  return (CPUS.whole as readonly number[]).includes(cpu) || (cpu >= CPUS.leastFraction && cpu < 1);
}

/** `1500m` as `1.5`. */
function shown(cpu: string): string {
  return String(quantity(cpu) ?? cpu);
}

function cpus(count: string): string {
  return `${count} ${count === '1' ? 'CPU goes' : 'CPUs go'}`;
}

function bytes(text: string): number {
  return quantity(text) ?? 0;
}

function most(): number {
  return bytes(MEMORY.at(-1)?.most ?? '');
}
