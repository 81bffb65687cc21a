import type { BuildReport, BuildStep, Check, Failure, ProgressReader } from './build-report.ts';
import { keepLine, lineSplitter } from './output-lines.ts';

/** What a build may print of its own must not make more of either than a Dockerfile can. */
const MOST_CHECKS = 200;
const MOST_VERTICES = 10_000;

interface Vertex {
  name: string;
  milliseconds: number;
  cached: boolean;
  error: string | undefined;
  readonly output: string[];
}

/**
 * Reads what `--progress=plain` prints, of buildx and of the BuildKit inside an engine: each line begins with the
 * number of the vertex it is about.
 *
 * @see https://github.com/moby/buildkit/blob/v0.25.1/util/progress/progressui/printer.go
 */
export function plainProgress(): ProgressReader {
  const vertices = new Map<string, Vertex>();
  const checks = new Map<string, Check>();
  let before = '';
  let line: number | undefined;

  const read = (text: string) => {
    const [, id, said = ''] = /^#(\d+) (.*)$/.exec(text) ?? [];
    if (id) readVertex(vertices, id, said);
    const check = readCheck(text);
    if (check && checks.size < MOST_CHECKS) checks.set(`${check.line} ${check.message}`, check);
    // `Dockerfile:3`, underlined, goes before an excerpt of it; older ones tell the line of a syntax error only.
    const place = /^-{20}$/.test(text) ? /:(\d+)$/.exec(before) : /parse error (?:on )?line (\d+)/.exec(text);
    if (place) line ??= Number(place[1]);
    before = text;
  };
  const lines = lineSplitter(read);
  return {
    take: lines.add,
    end(): BuildReport {
      lines.end();
      const found = [...vertices.values()];
      const cacheErrors = found.flatMap(({ name, error }) =>
        error !== undefined && CACHE.test(name) ? [{ cache: name, reason: error }] : [],
      );
      return {
        steps: found.flatMap((vertex) => stepOf(vertex) ?? []),
        checks: [...checks.values()],
        failure: failureOf(found),
        line,
        ...(cacheErrors.length > 0 && { cacheErrors }),
      };
    },
  };
}

/** What BuildKit calls its work with caches. */
const CACHE = /^(importing|exporting) cache /;

function readVertex(vertices: Map<string, Vertex>, id: string, said: string): void {
  const vertex = vertices.get(id);
  if (!vertex) {
    if (vertices.size >= MOST_VERTICES) return;
    vertices.set(id, { name: said, milliseconds: 0, cached: false, error: undefined, output: [] });
    return;
  }
  const [, done] = /^DONE (\d+(?:\.\d+)?)s$/.exec(said) ?? [];
  const [, error] = /^ERROR: (.*)$/.exec(said) ?? [];
  const [, output] = /^\d+\.\d+ ?(.*)$/.exec(said) ?? [];
  // A base image is done twice: when it is found and when it is there.
  if (done !== undefined) vertex.milliseconds += Number(done) * 1000;
  else if (said === 'CACHED') vertex.cached = true;
  else if (error !== undefined) vertex.error = error;
  else if (output !== undefined) keepLine(vertex.output, output);
}

/** `[linux/amd64 builder 2/3] RUN npm ci`; what builders do beside the instructions is none. */
function stepOf({ name, milliseconds, cached }: Vertex): BuildStep | undefined {
  const [, stage = '', index, count, instruction = ''] = /^\[(?:(.+) )?(\d+)\/(\d+)\] (.*)$/.exec(name) ?? [];
  if (index === undefined) return undefined;
  return { stage, instruction, position: [Number(index), Number(count)], milliseconds, cached };
}

function failureOf(vertices: readonly Vertex[]): Failure | undefined {
  for (const vertex of vertices) {
    const step = vertex.error === undefined ? undefined : stepOf(vertex);
    // What is cancelled because another failed has an error too.
    if (!step || /context canceled/i.test(vertex.error ?? '')) continue;
    return { step, reason: vertex.error ?? '', output: vertex.output.join('\n') };
  }
  return undefined;
}

/** ` - JSONArgsRecommended: JSON arguments recommended for CMD … (line 3)`, or the same while it builds. */
function readCheck(text: string): Check | undefined {
  const [, rule, message, line] =
    /^(?:#\d+ WARN:|.{0,4} -) ([A-Z]\w+): (.+) \(line (\d+)\)$/.exec(text) ?? [];
  return rule && message ? { rule, message, line: Number(line) } : undefined;
}
