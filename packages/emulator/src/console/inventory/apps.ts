import { statusOf } from '../../fly/apps/app.ts';
import { isBuilder } from '../../fly/builders/builder.ts';
import type { View } from '../view.ts';

/** Releases of an app that are shown. */
const MOST = 20;

/** The apps of Fly.io with their machines, releases, and the names of their secrets. */
export function appsIn({ fly }: Pick<View, 'fly'>) {
  return fly.apps().map((app) => ({
    name: app.name,
    organization: app.organization.slug,
    url: app.url ?? '',
    status: statusOf(app),
    isBuilder: isBuilder(app),
    machines: [...app.machines.values()]
      .filter(({ active }) => active)
      .map(({ id, name, state, region, image, checks, updatedAt, cordoned }) => ({
        ...{ id, name, state, region, cordoned },
        updated: updatedAt,
        image: `${image.registry}/${image.repository}${image.tag ? `:${image.tag}` : ''}`,
        checks: checks.map(({ name: check, status }) => ({ name: check, status })),
      })),
    releases: app.releases
      .slice(-MOST)
      .reverse()
      .map(({ version, status, strategy, imageRef, createdAt, user }) => ({
        ...{ version, status, strategy, user },
        image: imageRef,
        created: createdAt,
      })),
    secrets: app.secrets.shown().map(({ name = '', updated_at = '' }) => ({ name, updated: updated_at })),
  }));
}
