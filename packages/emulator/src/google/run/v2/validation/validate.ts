import { LIMITS } from '@gangway/cloud-run';
import { bytes, seconds } from '../quantity.ts';
import type { Service, Template, TrafficTarget } from '../types.ts';
import { checkContainers } from './validate-containers.ts';
import { fieldOf, type Subject, violation } from './violation.ts';
import { checkWithin } from './within.ts';

/** @throws ApiError INVALID_ARGUMENT unless the id may name a service, a job or a worker pool */
export function checkId(id: string, of: Subject): void {
  const { most } = of === 'job' ? LIMITS.jobName : LIMITS.serviceName;
  if (/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(id) && id.length <= most) return;
  throw violation(
    `${fieldOf(of)}_id`,
    `Resource name must use only lowercase letters, numbers and '-'. Must begin with a letter and cannot end with a '-'. Maximum length is ${most} characters.`,
    of,
  );
}

/**
 * @param revisions ids of those there are
 * @throws ApiError INVALID_ARGUMENT with the field that Cloud Run would not take
 */
export function checkService(
  {
    name,
    labels,
    template,
    traffic,
    description = '',
  }: Pick<Service, 'name' | 'labels' | 'template' | 'traffic' | 'description'>,
  revisions: readonly string[] = [],
): void {
  const id = name.split('/').at(-1) ?? '';
  checkLabels(labels, 'labels');
  checkTemplate(template, id);
  if (description.length > LIMITS.description.most)
    throw violation('description', `must be at most ${LIMITS.description.most} characters`);
  checkTraffic(id, traffic, [...revisions, ...(template.revision ? [template.revision] : [])]);
}

function checkTemplate(template: Template, id: string): void {
  const { containers, revision, timeout, maxInstanceRequestConcurrency: concurrency, scaling } = template;
  const isRevision = (name: string) => name.startsWith(`${id}-`) && /^[a-z][a-z0-9-]*[a-z0-9]$/.test(name);
  if (revision && (!isRevision(revision) || revision.length > LIMITS.revisionName.most)) {
    throw violation(
      'template.revision',
      `Revision names must be prefixed by the service name, "${id}-", and use only lowercase letters, numbers and '-'.`,
    );
  }
  const allowed = seconds(timeout);
  if (allowed === undefined || allowed < LIMITS.requestTimeout.least || allowed > LIMITS.requestTimeout.most)
    throw violation('template.timeout', 'must be between 1 second and 60 minutes');
  checkWithin(concurrency, LIMITS.concurrency, 'template.max_instance_request_concurrency');
  const { minInstanceCount: least = 0, maxInstanceCount: most = 100 } = scaling;
  if (least > most)
    throw violation(
      'template.scaling.min_instance_count',
      'must be less than or equal to max_instance_count',
    );
  checkLabels(template.labels, 'template.labels');
  const { executionEnvironment: environment } = template;
  checkContainers(containers, template, {
    at: 'template.containers',
    concurrency,
    environment,
    of: 'service',
  });
  checkPlace(template, 'template', 'service');
}

/** Where something runs: the volumes, the network. */
export function checkPlace(
  { volumes = [], vpcAccess }: Pick<Template, 'volumes' | 'vpcAccess'>,
  at: string,
  of: Subject,
): void {
  for (const [index, { name, emptyDir, cloudSqlInstance, ...volume }] of volumes.entries()) {
    const here = `${at}.volumes[${index}]`;
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name ?? ''))
      throw violation(`${here}.name`, 'must be a valid DNS label (RFC 1123)', of);
    if (volumes.findIndex((other) => other.name === name) !== index)
      throw violation(`${here}.name`, `Volume name ${name} must be unique.`, of);
    if (!emptyDir && !cloudSqlInstance && Object.keys(volume).length === 0)
      throw violation(here, 'One of secret, cloud_sql_instance, empty_dir, nfs, gcs must be set.', of);
    if (emptyDir?.sizeLimit && bytes(emptyDir.sizeLimit) === undefined)
      throw violation(`${here}.empty_dir.size_limit`, 'must be a valid Kubernetes quantity', of);
    const instance = cloudSqlInstance?.instances?.find((name) => !/^[^:]+(:[^:]+)?:[^:]+:[^:]+$/.test(name));
    if (instance !== undefined)
      throw violation(
        `${here}.cloud_sql_instance.instances`,
        `Invalid Cloud SQL instance: ${instance}. Expected format: project:region:instance.`,
        of,
      );
  }
  const { connector, networkInterfaces = [] } = vpcAccess ?? {};
  if (connector && networkInterfaces.length > 0)
    throw violation(`${at}.vpc_access`, 'VPC connector and direct VPC can not be used together.', of);
  if (connector && !/^(projects\/[^/]+\/locations\/[^/]+\/connectors\/)?[a-z][a-z0-9-]*$/.test(connector))
    throw violation(
      `${at}.vpc_access.connector`,
      'VPC connector name must be in the format projects/{project}/locations/{location}/connectors/{connector}.',
      of,
    );
  for (const [index, { network, subnetwork }] of networkInterfaces.entries())
    if (!network && !subnetwork)
      throw violation(
        `${at}.vpc_access.network_interfaces[${index}]`,
        'at least one of network and subnetwork must be specified',
        of,
      );
}

/** By this gcloud makes every deploy a new revision. */
const NONCE = 'client.knative.dev/nonce';

// International letters are letters, but not capitals (https://cloud.google.com/resource-manager/docs/labels-overview).
const LABEL = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/** @throws ApiError unless they are labels (https://cloud.google.com/run/docs/configuring/labels) */
export function checkLabels(
  labels: Readonly<Record<string, string>> = {},
  at: string,
  of: Subject = 'service',
): void {
  for (const [name, value] of Object.entries(labels)) {
    const long = [name, value].some((text) => Buffer.byteLength(text) > 128);
    if (!long && (name === NONCE || LABEL.test(name)) && LABEL_VALUE.test(value)) continue;
    throw violation(
      at,
      `Label ${name}=${value} is invalid: keys and values may hold lowercase letters, digits, "_" and "-", international ones too, at most 63 and 128 bytes, and keys start with a letter.`,
      of,
    );
  }
}

function checkTraffic(id: string, traffic: readonly TrafficTarget[], revisions: readonly string[]): void {
  const sum = traffic.reduce((total, { percent = 0 }) => total + percent, 0);
  if (sum !== 100) throw violation('traffic', `Traffic targets must sum to 100, got ${sum}.`);
  const tags = traffic.flatMap(({ tag }) => (tag ? [tag] : []));
  const bad = tags.find((tag) => !/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(tag));
  if (bad !== undefined)
    throw violation(
      'traffic.tag',
      `Traffic tag ${bad} must use only lowercase letters, numbers and '-', begin with a letter and not end with a '-'.`,
    );
  const long = tags.find((tag) => tag.length + id.length > LIMITS.tagAndService.most);
  if (long !== undefined)
    throw violation(
      'traffic.tag',
      `Traffic tag ${long} and service name ${id} must have at most ${LIMITS.tagAndService.most} characters together.`,
    );
  const twice = tags.find((tag, index) => tags.indexOf(tag) !== index);
  if (twice !== undefined) throw violation('traffic.tag', `Traffic tag ${twice} must be unique.`);
  for (const { type, revision } of traffic) {
    if (type !== 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION') continue;
    if (!revision || !revisions.includes(revision))
      throw violation('traffic.revision', `Revision ${revision} does not exist.`);
  }
}
