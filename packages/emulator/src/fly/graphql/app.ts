import { GraphQLError } from 'graphql';
import { timestamp } from '../../kernel/clock.ts';
import { type App, statusOf } from '../apps/app.ts';
import type { IpAssignment, Release } from '../apps/app-record.ts';
import type { Context } from '../context.ts';
import { FlyError } from '../errors.ts';
import { imageFor } from '../machines/image.ts';
import { shownMachine, shownServices } from './machine.ts';
import { shownOrganization } from './organization.ts';

/** An app's fields; graphql-js calls those that are functions with the arguments of the query. */
export function shownApp(cloud: Context, app: App): Record<string, unknown> {
  const { name, numericId, network, organization, releases, ips, secrets } = app;
  const newest = (first?: number | null) => ({
    nodes: [...releases]
      .reverse()
      .slice(0, first ?? 25)
      .map(shownRelease),
  });
  const active = [...app.machines.values()].filter((machine) => machine.active);
  const latest = releases.at(-1);
  const complete = releases.findLast(({ status }) => status === 'complete');
  return {
    id: name,
    internalNumericId: numericId,
    name,
    hostname: `${name}.fly.dev`,
    // The one place where the platform says by which URL an app answers; here that is a listener on loopback.
    appUrl: app.url ?? null,
    cnameTarget: `${numericId.toString(36)}.${name}.fly.dev`,
    network: network === 'default' ? null : network,
    status: statusOf(app),
    deployed: statusOf(app) !== 'pending',
    platformVersion: 'machines',
    version: latest?.version ?? 0,
    createdAt: timestamp(app.createdAt),
    organization: shownOrganization(organization),
    role: app.role ? { name: app.role } : null,
    config: { definition: latest?.definition ?? {} },
    services: () => shownServices(active[0]),
    imageDetails: () =>
      active[0] ? { ...active[0].image, tag: active[0].image.tag ?? '', version: null } : null,
    machines: () => ({ nodes: active.map((machine) => shownMachine(machine, () => shownApp(cloud, app))) }),
    secrets: () =>
      secrets.shown().map((secret) => ({ ...secret, id: secret.name, createdAt: secret.created_at })),
    image: ({ ref }: { ref: string }) => image(cloud, app, ref),
    currentRelease: complete ? shownRelease(complete) : null,
    currentReleaseUnprocessed: latest ? shownRelease(latest) : null,
    releases: ({ first }: { first?: number | null }) => newest(first),
    releasesUnprocessed: ({ first }: { first?: number | null }) => newest(first),
    ipAddresses: {
      nodes: ips.filter(({ shared }) => !shared).map(shownAddress),
    },
    sharedIpAddress: ips.find(({ shared }) => shared)?.ip ?? null,
    egressIpAddresses: { nodes: [] },
    limitedAccessTokens: { nodes: [] },
  };
}

/** An address of an app. */
export function shownAddress({
  ip,
  type,
  region,
  service_name,
  created_at,
}: IpAssignment): Record<string, unknown> {
  return { id: ip, address: ip, type, region, serviceName: service_name, createdAt: created_at };
}

async function image(cloud: Context, app: App, reference: string): Promise<Record<string, unknown> | null> {
  try {
    const found = await imageFor(cloud, app.organization, reference);
    return {
      id: `img_${found.ref.digest.slice(7, 23)}`,
      digest: found.ref.digest,
      ref: reference,
      compressedSize: Math.min(found.size, 2 ** 31 - 1),
      compressedSizeFull: String(found.size),
      manifest: null,
      config: null,
      label: () => null,
    };
  } catch (error) {
    if (error instanceof FlyError && /: manifest unknown$/.test(error.message)) return null;
    if (error instanceof FlyError)
      throw new GraphQLError(error.message, { extensions: { code: 'UNPROCESSABLE' } });
    throw error;
  }
}

function shownRelease(release: Release): Record<string, unknown> {
  const { id, version, status, imageRef, strategy, definition, metadata, user, createdAt } = release;
  return {
    id,
    version,
    status,
    description: 'Deploy image',
    reason: '',
    imageRef,
    stable: status === 'complete',
    inProgress: status === 'running',
    evaluationId: null,
    deploymentStrategy: strategy,
    configDefinition: definition,
    metadata,
    user: { id: user, email: user, name: user },
    createdAt: timestamp(createdAt),
  };
}
