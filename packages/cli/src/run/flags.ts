/** What `gangway run` is told. */
export interface RunFlags {
  readonly event?: string;
  readonly job?: string;
  readonly input: Readonly<Record<string, string>>;
  readonly var: Readonly<Record<string, string>>;
  readonly secret: readonly string[];
  readonly varFile?: string;
  readonly secretFile?: string;
  readonly actions: readonly string[];
  readonly skip: readonly string[];
  readonly fetch?: true;
  readonly keep?: true;
  readonly watch?: true;
  readonly verbose?: true;
  readonly port: number;
}
