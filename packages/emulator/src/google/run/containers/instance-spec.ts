import type { ArchiveFile } from '../../../docker/tar.ts';

/** One instance of a revision, or one attempt of a task, as the engine is to run it. */
export interface InstanceSpec {
  /** Full resource name of the revision, or of the execution. */
  readonly owner: string;
  readonly credentials: { readonly username: string; readonly password: string };
  /** In the order in which they start; they share one network. */
  readonly containers: readonly ContainerSpec[];
  /** Folders that containers share. */
  readonly volumes: readonly { readonly name: string; readonly bytes: number | undefined }[];
}

export interface ContainerSpec {
  /** Empty where the only container has no name. */
  readonly name: string;
  /** What the engine pulls: the local registry's name of the image, and its digest. */
  readonly image: { readonly name: string; readonly digest: string };
  readonly env: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  /** Bytes. */
  readonly memory: number;
  readonly cpu: number;
  /** Values of secrets, put into the container before it starts. */
  readonly files: readonly ArchiveFile[];
  readonly mounts: readonly { readonly volume: string; readonly path: string }[];
  /** The port that requests go to. One container has it. */
  readonly port?: number;
  readonly startup?: ProbeSpec;
  readonly liveness?: ProbeSpec;
  /** Whether another container starts only when this one is ready. */
  readonly awaited: boolean;
}

export interface ProbeSpec {
  readonly port: number;
  /** An HTTP or a gRPC question; none is answered by a connection alone. */
  readonly http?: { readonly path: string; readonly headers: Readonly<Record<string, string>> };
  readonly grpc?: { readonly service: string };
  readonly delaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failures: number;
}
