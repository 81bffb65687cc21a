import { describe, expect, it } from 'vitest';
import { faultsIn } from './faults.ts';

const PIN = '@33553064113a37d688aa6937bacbdc481580be17 # v2.7.0';

describe('faults of deploy workflows', () => {
  it('are named with their lines', () => {
    expect(told(BAD)).toEqual([
      'not pinned to a commit: 10 11 18',
      'an action at a branch, which changes under you: 18',
      'a secret pasted into a shell script: 17',
      'what others may write pasted into a shell script: 15',
      'a long-lived key, though the job may ask for an OIDC token: 8 11',
      'no timeout-minutes, so that a job that hangs runs for six hours: 5',
      'no concurrency, so that two runs deploy at once and the older may win: 5',
    ]);
  });

  it('are none of a workflow that has none', () => {
    expect(told(GOOD)).toEqual([]);
  });

  it.each([
    ['permissions: {}\n', '', 'no permissions'],
    ['permissions: {}', 'permissions: write-all', 'permissions: write-all: 3'],
    ['  cancel-in-progress: false', '  cancel-in-progress: true', 'cancel-in-progress, which stops a deploy'],
    ["'$TITLE'", '"${{ github.event.pull_request.title }}"', 'what others may write pasted'],
    ["'$TITLE'", '"${{ github.head_ref }}"', 'what others may write pasted'],
    ["'$TITLE'", '"${{ inputs.title }}"', 'what others may write pasted'],
  ])('with %j as %j say %s', (from, to, fault) => {
    expect(GOOD).toContain(from);
    expect(told(GOOD.replace(from, to)).join('\n')).toContain(fault);
  });

  it.each(['github.event.number', 'github.event.action', 'github.event.repository.name', 'github.sha'])(
    'are not %s in a script, which nobody else writes',
    (name) => expect(told(GOOD.replace("'$TITLE'", `\${{ ${name} }}`))).toEqual([]),
  );

  it('are not looked for where nothing deploys', () => {
    expect(faultsIn(BAD.replace(/deploy-cloudrun@master|build-push-action@v6/g, 'other@v1'))).toEqual([]);
  });
});

function told(text: string): string[] {
  return faultsIn(text).map(({ what, lines }) => `${what}: ${lines.join(' ')}`);
}

const BAD = `name: Deploy
on:
  push:
jobs:
  deploy:
    runs-on: ubuntu-latest
    permissions:
      id-token: write
    steps:
      - uses: actions/checkout@v4
      - uses: google-github-actions/auth@v2
        with:
          credentials_json: \${{ secrets.KEY }}
      - run: |
          echo "\${{ github.event.head_commit.message }}"
          # the next line has the secret
          curl -H "Authorization: \${{ secrets.TOKEN }}" https://example.com
      - uses: google-github-actions/deploy-cloudrun@master
        with:
          service: shop
`;

const GOOD = `name: Deploy
on: push
permissions: {}
concurrency:
  group: deploy
  cancel-in-progress: false
jobs:
  deploy:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout${PIN}
      - run: echo '$TITLE'
      - uses: gangway-dev/gangway/actions/deploy-cloud-run${PIN}
        with: { service: shop }
`;
