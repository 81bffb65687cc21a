import type { AppRecord } from '../apps/app-record.ts';
import type { ImageRef } from '../machines/image-ref.ts';

/** The role of the apps that flyctl makes to build in (flyctl, internal/build/imgsrc/ensure_builder.go). */
const ROLE = 'remote-docker-builder';
/** What their machines run (https://github.com/superfly/rchab). Here a stand-in does, before the engine of this host. */
const IMAGE =
  /^(?:docker-hub-mirror\.fly\.io|docker\.io|registry-1\.docker\.io)\/(flyio\/rchab)(?::([\w.-]+))?$/;
const DIGEST = `sha256:${'0'.repeat(64)}`;

/** Whether an app is a remote builder of its organization. */
export function isBuilder({ role }: Pick<AppRecord, 'role'>): boolean {
  return role === ROLE;
}

/** Whether apps of this role are remote builders. */
export function isBuilderRole(role: string | undefined): boolean {
  return role === ROLE;
}

/** The image of a remote builder, which nobody pulls; undefined for any other. */
export function builderImage(reference: string): ImageRef | undefined {
  const [, repository, tag] = IMAGE.exec(reference) ?? [];
  if (!repository) return undefined;
  return {
    registry: 'docker-hub-mirror.fly.io',
    repository,
    ...(tag && { tag }),
    digest: DIGEST,
    labels: {},
  };
}
