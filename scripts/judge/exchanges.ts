import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentsFolder } from '../discovery/sources.ts';
import type { Document } from './document.ts';
import type { Exchange } from './exchange.ts';
import { judge, type Violation } from './judge.ts';
import { RELAXED } from './relaxed.ts';

/** What a run of tests has sent and been answered, judged. */
export interface Verdict {
  readonly judged: number;
  /** Of hosts that Google publishes nothing of. */
  readonly apart: number;
  readonly violations: readonly Judged[];
  /** How many were let pass, by the reason. */
  readonly relaxed: ReadonlyMap<string, number>;
}

interface Judged extends Violation {
  readonly exchange: Exchange;
}

/** The actions send it; they must send nothing that Google would refuse. */
const ACTIONS = /^gangway\b/;

/** Judges every exchange that is kept in a folder. @throws Error when the documents cannot be fetched */
export function judgeFolder(folder: string): Verdict {
  const documents = readDocuments();
  const violations: Judged[] = [];
  const relaxed = new Map<string, number>();
  let [judged, apart] = [0, 0];
  for (const exchange of exchangesIn(folder)) {
    const found = judge(exchange, documents, (agent) => ACTIONS.test(agent));
    if (!found) apart += 1;
    else judged += 1;
    for (const violation of found ?? []) {
      const reason = RELAXED.find(({ matches }) => matches(violation, exchange))?.reason;
      if (reason === undefined) violations.push({ ...violation, exchange });
      else relaxed.set(reason, (relaxed.get(reason) ?? 0) + 1);
    }
  }
  return { judged, apart, violations, relaxed };
}

function exchangesIn(folder: string): readonly Exchange[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Exchange),
  );
}

/** The documents of the hosts that the local cloud stands in for, every version that there is. */
function readDocuments(): readonly Document[] {
  const folder = documentsFolder();
  const names =
    /^(?:apigateway|apikeys|artifactregistry|cloudresourcemanager|compute|container|iam|iamcredentials|logging|run|secretmanager|serviceusage|sts)\.v/;
  return readdirSync(folder)
    .filter((file) => names.test(file))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Document);
}

/** A line for each kind of violation, with the first request that has it and where it comes from. */
export function linesOf({ judged, apart, violations, relaxed }: Verdict): string[] {
  const kinds = Map.groupBy(violations, ({ by, kind, exchange }) => `${by} ${exchange.host} ${kind}`);
  return [
    ...[...kinds.values()].flatMap((alike) => {
      const [{ by, kind, detail, exchange } = alike[0] as Judged] = alike;
      const { host, method, path, status, agent, source } = exchange;
      return [
        `${by}, ${alike.length} times: ${kind}: ${detail}`,
        `    ${method} ${host}${path} (${status}) by ${agent || 'a client without a name'}, from ${source || 'no test'}`,
      ];
    }),
    ...[...relaxed].map(([reason, count]) => `Let pass ${count} times: ${reason}`),
    `Judged by Google's discovery documents: ${judged} exchanges, ${violations.length} violations; ${apart} of other hosts.`,
  ];
}
