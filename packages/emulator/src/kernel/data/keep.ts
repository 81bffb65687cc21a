import type { Clock } from '../clock.ts';
import type { Ports } from '../ports.ts';
import type { Mounted } from '../service/mount.ts';
import type { Project } from '../service/project.ts';
import type { SigningKeys } from '../signing-keys.ts';
import type { DataFolder, Saved } from './folder.ts';
import { Keeper } from './keeper.ts';

/** What is kept of a cloud that runs. */
interface Kept {
  readonly project: Project;
  readonly port: number;
  readonly clock: Clock;
  readonly ports: Ports;
  readonly keys: SigningKeys;
  readonly mounted: readonly Mounted[];
}

/** The project of a cloud: the one whose data it has. @throws Error where another is asked for */
export function projectOf(
  asked: { readonly id?: string | undefined; readonly number?: string | undefined },
  fallback: Project,
  data: DataFolder | undefined,
): Project {
  const { project: saved } = data?.saved ?? {};
  const { id = saved?.id ?? fallback.id, number = saved?.number ?? fallback.number } = asked;
  if (saved && (id !== saved.id || number !== saved.number))
    throw new Error(
      `${data?.path} holds the project ${saved.id} (${saved.number}), not ${id} (${number}). Leave the project out, or name another folder.`,
    );
  return { id, number };
}

/** What is said where a cloud can't answer on the port that it had. */
export function occupied(error: unknown, data: DataFolder | undefined): unknown {
  const port = data?.saved?.port;
  if (port === undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  return new Error(
    `Port ${port}, on which the local cloud of ${data?.path} answered, is in use. Stop what uses it, or give another port.`,
  );
}

/** Gives services back what was saved of them. One that was not there then begins as in a new project. */
export function restore(mounted: readonly Mounted[], { services }: Saved, bare: boolean): void {
  for (const service of mounted) {
    const saved = services[service.declaration.name];
    if (saved) service.restore(saved);
    else service.seed(bare);
  }
}

/** Starts again what ran, all at the same time. @param notice told what does not come up */
export async function resume(mounted: readonly Mounted[], notice: (line: string) => void): Promise<void> {
  await Promise.all(mounted.map((service) => service.resume(notice)));
}

/** Keeps what a cloud has in its folder from now on. */
export function keep(data: DataFolder, { project, port, clock, ports, keys, mounted }: Kept): Keeper {
  return new Keeper(() =>
    data.save({
      project,
      port,
      // What a machine's clock is off by in a moment is no change.
      ahead: Math.round((clock.now() - Date.now()) / 1000) * 1000,
      ports: ports.all,
      keys: keys.save(),
      services: Object.fromEntries(mounted.map((service) => [service.declaration.name, service.save()])),
    }),
  );
}
