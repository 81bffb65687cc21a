import type { WrittenEntry } from './cloud-log.ts';
import type { TimedLine } from './timed-lines.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a container's lines are logged with. */
export interface Logged {
  readonly id: string;
  /** As the machine knows it, without a slash. */
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  /** RFC 3339 */
  readonly created: string;
  readonly command: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** `NAME=VALUE` */
  readonly env: readonly string[];
  /** Of the log driver. */
  readonly options: Readonly<Record<string, string>>;
}

/** The machine that writes. */
export interface Writer {
  readonly project: string;
  readonly name: string;
  readonly zone: string;
  readonly id: string;
}

/** Options of `--log-opt` (https://docs.docker.com/engine/logging/drivers/gcplogs/). */
const OPTIONS = [
  ...['gcp-project', 'gcp-log-cmd', 'gcp-meta-zone', 'gcp-meta-name', 'gcp-meta-id'],
  ...['labels', 'labels-regex', 'env', 'env-regex', 'mode', 'max-buffer-size'],
];

/** @throws Error for an option that there is not, in Docker's words */
export function checkOptions(options: Readonly<Record<string, string>>): void {
  const stranger = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (stranger !== undefined)
    throw new Error(`${JSON.stringify(stranger)} is not a valid option for the gcplogs driver`);
}

/** A line as Docker's driver gcplogs writes it (https://github.com/moby/moby/blob/master/daemon/logger/gcplogs/gcplogging.go). */
export function dockerEntry({ time, text }: TimedLine, container: Logged, writer: Writer): WrittenEntry {
  const { options } = container;
  const metadata = extraOf(container);
  return {
    logName: `projects/${options['gcp-project'] ?? writer.project}/logs/gcplogs-docker-driver`,
    resource: resourceOf(writer),
    timestamp: time,
    jsonPayload: {
      instance: { zone: writer.zone, name: writer.name, id: writer.id },
      container: {
        name: `/${container.name}`,
        id: container.id,
        imageName: container.image,
        imageId: container.imageId,
        created: container.created,
        ...(options['gcp-log-cmd'] === 'true' && { command: container.command.join(' ') }),
        ...(Object.keys(metadata).length > 0 && { metadata }),
      },
      message: text,
    },
  };
}

/** Fields of a line in JSON that say something of the entry (https://cloud.google.com/logging/docs/agent/logging/configuration#special-fields). */
const SPECIAL: Readonly<Record<string, string>> = {
  severity: 'severity',
  httpRequest: 'httpRequest',
  'logging.googleapis.com/insertId': 'insertId',
  'logging.googleapis.com/operation': 'operation',
  'logging.googleapis.com/sourceLocation': 'sourceLocation',
  'logging.googleapis.com/spanId': 'spanId',
  'logging.googleapis.com/trace': 'trace',
};

/**
 * A line as the logging agent of Container-Optimized OS writes it, which `google-logging-enabled` starts
 * (https://cloud.google.com/container-optimized-os/docs/how-to/logging).
 */
export function agentEntry(
  { time, text, stream }: TimedLine,
  container: Logged,
  writer: Writer,
): WrittenEntry {
  const said: Record<string, unknown> = objectIn(text) ?? { message: text };
  const special = Object.entries(SPECIAL).flatMap(([field, name]) => {
    const value = said[field];
    delete said[field];
    return value === undefined ? [] : [[name, value]];
  });
  const { 'logging.googleapis.com/labels': labels, ...rest } = said;
  return {
    ...Object.fromEntries(special),
    logName: `projects/${writer.project}/logs/cos_containers`,
    resource: resourceOf(writer),
    labels: { 'compute.googleapis.com/resource_name': writer.name, ...(labels as Json | undefined) },
    timestamp: time,
    jsonPayload: {
      ...rest,
      'cos.googleapis.com/container_id': container.id,
      'cos.googleapis.com/container_name': container.name,
      'cos.googleapis.com/stream': stream,
    },
  };
}

function resourceOf({ project, zone, id }: Writer): Json {
  return { type: 'gce_instance', labels: { project_id: project, instance_id: id, zone } };
}

function objectIn(text: string): Record<string, unknown> | undefined {
  if (!/^\s*\{.*\}\s*$/s.test(text)) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // It only looks like one.
    return undefined;
  }
}

/** Labels and variables of the container that the options choose. */
function extraOf({ options, labels, env }: Logged): Record<string, string> {
  const variables = Object.fromEntries(
    env.map((one) => one.split(/=(.*)/s)).map(([name, value = '']) => [name, value]),
  );
  return { ...chosen('labels', labels), ...chosen('env', variables) };

  function chosen(kind: 'labels' | 'env', from: Readonly<Record<string, string>>): Record<string, string> {
    const names = options[kind]?.split(',') ?? [];
    const pattern = options[`${kind}-regex`];
    const isChosen = (name: string) =>
      names.includes(name) || (pattern !== undefined && new RegExp(pattern).test(name));
    return Object.fromEntries(Object.entries(from).filter(([name]) => isChosen(name)));
  }
}
