/** A workflow as people write them, and what `gangway migrate` makes of it. */
export interface Case {
  readonly does: string;
  readonly text: string;
  /** Whether all that deploys is replaced, some of it, or nothing. */
  readonly outcome: 'whole' | 'part' | 'none';
  /** Inputs that the steps of ours have, in their order: `action` and some of `with`. */
  readonly steps?: readonly (readonly [action: string, inputs: Readonly<Record<string, unknown>>])[];
  /** Words of the reasons for what stays. */
  readonly stays?: readonly string[];
  /** Words of the notes and of what is left out. */
  readonly says?: readonly string[];
  /** What the new text has, word for word. */
  readonly has?: readonly string[];
  /** What it no longer has. */
  readonly hasNot?: readonly string[];
  /** Files of the repository; without it, a Dockerfile is everywhere. */
  readonly files?: readonly string[];
}

/** A workflow of one job that runs on a push to main. @param steps indented by six */
export function pushed(
  steps: string,
  { env = '', job = '' }: { readonly env?: string; readonly job?: string } = {},
): string {
  return `name: Deploy

on:
  push:
    branches: [main]
${env === '' ? '' : `\nenv:\n${env}\n`}
jobs:
  deploy:
    runs-on: ubuntu-latest
${job === '' ? '' : `${job}\n`}    steps:
${steps.replace(/^\n/, '').trimEnd()}
`;
}

export const CHECKOUT = '      - uses: actions/checkout@v4\n';

/** Signs in without a key. */
export const KEYLESS = `      - uses: google-github-actions/auth@v2
        with:
          workload_identity_provider: \${{ vars.WIF_PROVIDER }}
          service_account: \${{ vars.DEPLOYER }}
`;
