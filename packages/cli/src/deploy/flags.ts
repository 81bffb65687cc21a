/** What `gangway deploy` is told. */
export interface DeployFlags {
  readonly service?: string;
  readonly region: string;
  readonly repository: string;
  readonly specCommand?: string;
  readonly spec?: string;
  readonly public?: true;
  readonly writeWorkflow?: string | true;
  readonly keep?: true;
  readonly watch?: true;
  readonly verbose?: true;
  readonly port: number;
}

/** Where a workflow is written, unless it is told. */
export const USUAL = '.github/workflows/deploy.yml';
