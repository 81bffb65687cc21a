import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, type RunningCloud, startCloud, writeEnvironmentFiles } from '@gangway/emulator';
import { type Engine, removeImages } from '@gangway/engine';

/** A local cloud on an engine, and what points a person or a runner at it. */
export interface LocalCloud {
  readonly cloud: RunningCloud;
  /** Everything a person's shell needs: `environment()` of the emulator and the engine's. */
  readonly exports: Readonly<Record<string, string>>;
  /** What a workflow step gets: the same without the owner's own access token. */
  readonly stepEnvironment: Readonly<Record<string, string>>;
  /** A directory that goes when it closes. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Starts a local cloud whose containers run on this engine. */
export async function startLocalCloud(engine: Engine, operationTime: number): Promise<LocalCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'gangway-'));
  const cloud = await startCloud({ operationTime, dockerHost: engine.host });
  const exports = environment(cloud, await writeEnvironmentFiles(cloud, folder));
  const steps = Object.entries(exports).filter(([name]) => name !== 'CLOUDSDK_AUTH_ACCESS_TOKEN_FILE');
  return {
    cloud,
    exports: { ...exports, DOCKER_HOST: engine.host },
    stepEnvironment: { ...Object.fromEntries(steps), ...engine.environment },
    folder,
    async close() {
      await cloud.close();
      await removeImages(new URL(cloud.origin).host, engine.environment);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
