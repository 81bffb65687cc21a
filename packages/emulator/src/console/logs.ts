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
 * @param of kind and name, e.g. `run/forecast` or `fly/hello`; empty: all
 */
async function linesOf({ contracts, fly }: Pick<View, 'contracts' | 'fly'>, of = ''): Promise<LogLine[]> {
  const [kind = '', name = ''] = of.split('/');
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

/** The last lines, as the page shows them. */
export async function logsOf(view: View, of: string): Promise<{ lines: LogLine[]; left: number }> {
  const lines = await linesOf(view, of);
  return { lines: lines.slice(-MOST), left: Math.max(0, lines.length - MOST) };
}
