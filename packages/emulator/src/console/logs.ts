import type { View } from './view.ts';

/** A line that a container or a machine wrote. */
export interface LogLine {
  /** RFC 3339 */
  readonly time: string;
  /** The service, job, worker pool or app. */
  readonly from: string;
  /** The revision, execution or machine. */
  readonly instance: string;
  readonly text: string;
}

const MOST = 500;

/**
 * What containers and machines wrote, oldest first.
 *
 * @param of where from: `run` or `fly`, and the name of a service, a job, a worker pool or an app; default: all
 */
async function linesOf(
  { contracts, fly }: Pick<View, 'contracts' | 'fly'>,
  { kind = '', name = '' }: { readonly kind?: string | undefined; readonly name?: string | undefined } = {},
): Promise<LogLine[]> {
  const sources = await Promise.all(contracts.logSources.map((source) => source.entries()));
  const ofRun = sources.flat().map(({ timestamp, text, labels, resource: { labels: about } }) => ({
    time: timestamp,
    from: about.service_name ?? about.job_name ?? about.worker_pool_name ?? '',
    instance: about.revision_name ?? labels['run.googleapis.com/execution_name'] ?? '',
    text,
  }));
  const ofFly = fly.apps().flatMap(({ name, logs }) =>
    logs.map(({ time, message, instance }) => ({
      ...{ time: new Date(time).toISOString(), from: name },
      ...{ instance, text: message },
    })),
  );
  const all = kind === 'run' ? ofRun : kind === 'fly' ? ofFly : [...ofRun, ...ofFly];
  return all
    .filter(({ from }) => name === '' || from === name)
    .sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));
}

/** The last lines, as the page shows them. @param of e.g. `run/forecast` or `fly/hello` */
export async function logsOf(view: View, of: string): Promise<{ lines: LogLine[]; left: number }> {
  const [kind, name] = of.split('/');
  const lines = await linesOf(view, { kind, name });
  return { lines: lines.slice(-MOST), left: Math.max(0, lines.length - MOST) };
}
