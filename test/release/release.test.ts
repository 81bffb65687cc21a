import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { StepOutcome } from './run-workflow.ts';
import { finish, Sandbox } from './sandbox.ts';

// takes minutes

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox();
});
afterEach(() => sandbox.remove());

describe('a release', () => {
  it('is made as a draft, published when all its files are there, and only then v1 moves', async () => {
    const commit = sandbox.commit('1.0.0');
    const steps = await sandbox.release('v1.0.0', commit);

    expect(failures(steps)).toEqual([]);
    expect(steps.map(({ step }) => step)).toEqual([
      'Check out',
      'Set up Node.js',
      'Refuse what is not a release',
      'Rebuild the bundles and compare',
      'Check out',
      'Set up Node.js',
      'Check again and list every file that runs',
      'Attest where they come from',
      'Publish the release',
      'Sign in as the release app',
      'Move the major tag',
      'Tag the workflows for older runners',
    ]);
    expect(calls(commit)).toEqual([
      ...CHECK,
      ...CHECK,
      ...CHECK,
      RELEASES,
      'release create v1.0.0 --repo gangway-dev/gangway --title v1.0.0 --notes-file FILES/notes.md --draft --verify-tag',
      'release upload v1.0.0 FILES/SHA256SUMS FILES/provenance.sigstore.json FILES/pinned/deploy.yml --repo gangway-dev/gangway --clobber',
      RELEASES,
      'release edit v1.0.0 --repo gangway-dev/gangway --title v1.0.0 --notes-file FILES/notes.md --prerelease=false --latest=true --draft=false',
      RELEASES,
      'release verify v1.0.0 --repo gangway-dev/gangway',
      'release verify-asset v1.0.0 FILES/SHA256SUMS --repo gangway-dev/gangway',
      'attestation verify FILES/SHA256SUMS --repo gangway-dev/gangway --signer-workflow gangway-dev/gangway/.github/workflows/release.yml --source-ref refs/tags/v1.0.0 --source-digest COMMIT --deny-self-hosted-runners',
      RELEASES,
    ]);
    expect(sandbox.state.releases).toMatchObject([
      {
        tag_name: 'v1.0.0',
        draft: false,
        prerelease: false,
        immutable: true,
        assets: [{ name: 'SHA256SUMS' }, { name: 'provenance.sigstore.json' }, { name: 'deploy.yml' }],
      },
    ]);
    expect(sandbox.state.releases[0]?.body).toContain('What is new in 1.0.0.');
    expect(sandbox.state.releases[0]?.body).toContain(`@${commit} # v1.0.0`);
    expect(sandbox.state.latest).toBe('v1.0.0');
    expect(sandbox.at('v1')).toBe(commit);
  });

  it('attests every file that runs, and the list of them', async () => {
    await sandbox.release('v1.0.0', sandbox.commit('1.0.0'));
    const [attestation] = sandbox.state.attestations;
    expect(Object.keys(attestation?.subjects ?? {})).toEqual([
      '.github/workflows/deploy.yml',
      '.github/workflows/release.yml',
      'actions/one/action.yml',
      'dist/one/helper.sh',
      'dist/one/index.js',
      'dist/package.json',
      'SHA256SUMS',
      'pinned/deploy.yml',
    ]);
  });

  it('can be called by older runners: its workflows, each action by its commit, under tags of their own', async () => {
    const commit = sandbox.commit('1.0.0');
    await sandbox.release('v1.0.0', commit);
    const pinned = sandbox.at('pinned/v1.0.0');
    expect(sandbox.at('pinned/v1')).toBe(pinned);
    expect(sandbox.state.releases[0]?.body).toContain(`@${pinned} # pinned/v1.0.0`);
    sandbox.git('fetch', '--quiet', '--tags', 'origin');
    expect(sandbox.git('rev-parse', 'pinned/v1^')).toBe(commit);
    expect(sandbox.git('diff', '--name-only', 'v1.0.0', 'pinned/v1')).toBe('.github/workflows/deploy.yml');
    const text = sandbox.git('show', 'pinned/v1:.github/workflows/deploy.yml');
    expect(text).toContain(`- uses: gangway-dev/gangway/actions/one@${commit} # v1.0.0`);
    expect(text).not.toMatch(/uses: \$|queue:/);

    await sandbox.release('v1.1.0-rc.1', sandbox.commit('1.1.0-rc.1'));
    expect(sandbox.at('pinned/v1')).toBe(pinned);
    await sandbox.release('v1.1.0', sandbox.commit('1.1.0'));
    expect(sandbox.at('pinned/v1')).toBe(sandbox.at('pinned/v1.1.0'));
    expect(sandbox.at('pinned/v1.0.0')).toBe(pinned);
    expect(sandbox.at('pinned/v1.1.0')).not.toBe(pinned);
  });

  it('moves v1 on to the next one', async () => {
    await sandbox.release('v1.0.0', sandbox.commit('1.0.0'));
    const commit = sandbox.commit('1.0.1');
    expect(failures(await sandbox.release('v1.0.1', commit))).toEqual([]);
    expect([sandbox.at('v1'), sandbox.state.latest]).toEqual([commit, 'v1.0.1']);
  });

  it('leaves v1 where it is for a fix of an older minor version, which is not the latest', async () => {
    const old = sandbox.released('1.2.3');
    const newest = sandbox.released('1.3.0');
    const fix = sandbox.commit('1.2.4', { branch: 'release/1.2', from: old });
    sandbox.merge('release/1.2');

    const steps = await sandbox.release('v1.2.4', fix);
    expect(failures(steps)).toEqual([]);
    expect(steps.at(-2)?.log).toBe('v1 stays where it is: v1.3.0 is newer.\n');
    expect([sandbox.at('pinned/v1.2.4'), sandbox.at('pinned/v1')]).toEqual([expect.any(String), undefined]);
    expect([sandbox.at('v1'), sandbox.state.latest]).toEqual([newest, 'v1.3.0']);
  });

  it('moves v2 alone for a new major version, and v1 alone for a fix of the old one', async () => {
    const first = sandbox.released('1.0.0');
    const second = sandbox.commit('2.0.0');
    await sandbox.release('v2.0.0', second);
    expect([sandbox.at('v1'), sandbox.at('v2')]).toEqual([first, second]);

    const fix = sandbox.commit('1.0.1', { branch: 'release/1.0', from: first });
    sandbox.merge('release/1.0');
    expect(failures(await sandbox.release('v1.0.1', fix))).toEqual([]);
    expect([sandbox.at('v1'), sandbox.at('v2'), sandbox.state.latest]).toEqual([fix, second, 'v2.0.0']);
  });

  it('moves nothing for a pre-release, which is marked as one', async () => {
    const first = sandbox.released('1.0.0');
    const steps = await sandbox.release('v2.0.0-rc.1', sandbox.commit('2.0.0-rc.1'));
    expect(failures(steps)).toEqual([]);
    expect([sandbox.at('v1'), sandbox.at('v2'), sandbox.state.latest]).toEqual([first, undefined, 'v1.0.0']);
    expect(sandbox.state.releases[0]).toMatchObject({ tag_name: 'v2.0.0-rc.1', prerelease: true });
  });

  it('is made of a commit that main has gone past', async () => {
    const commit = sandbox.commit('1.0.0');
    sandbox.commit('1.1.0');
    expect(failures(await sandbox.release('v1.0.0', commit))).toEqual([]);
    expect(sandbox.at('v1')).toBe(commit);
  });

  it('does not start for a major tag', async () => {
    expect(await sandbox.release('v1', sandbox.commit('1.0.0'), '--no-sign')).toEqual([]);
  });
});

describe('nothing is released and v1 stays', () => {
  const cases: readonly [
    name: string,
    reason: RegExp,
    prepare: () => string,
    tag?: string,
    ...options: string[],
  ][] = [
    [
      'for a commit that is not on main',
      /The commit \w+ is not on main\. Merge it there, then tag it\./,
      () => sandbox.commit('1.1.0', { branch: 'feature', from: 'main' }),
    ],
    [
      'for a commit that main was rewritten without',
      /is not on main/,
      () => {
        const commit = sandbox.commit('1.1.0');
        sandbox.git('push', '--quiet', '--force', 'origin', 'main~1:main');
        return commit;
      },
    ],
    [
      'for a tag that is not annotated',
      /The tag v1\.1\.0 is not annotated/,
      () => sandbox.commit('1.1.0'),
      'v1.1.0',
      '--no-sign',
    ],
    [
      'where package.json has another version',
      /package\.json says version 1\.0\.9, and the tag says v1\.1\.0/,
      () =>
        sandbox.commit('1.1.0', { files: { 'package.json': '{ "version": "1.0.9", "type": "module" }' } }),
    ],
    [
      'where package-lock.json has another version',
      /package-lock\.json says version 1\.0\.9/,
      () => sandbox.commit('1.1.0', { files: { 'package-lock.json': '{ "version": "1.0.9" }' } }),
    ],
    [
      'where the changelog says nothing',
      /CHANGELOG\.md says nothing under the heading "## 1\.1\.0 - YYYY-MM-DD"/,
      () =>
        sandbox.commit('1.1.0', {
          files: { 'CHANGELOG.md': '## 1.1.0 - 2026-11-28\n\n## 1.0.0 - 2026-11-01\n\n- One.\n' },
        }),
    ],
    [
      'where dist is not what the sources build to',
      /dist\/ is stale/,
      () => sandbox.commit('1.1.0', { files: { 'dist/one/index.js': 'built elsewhere' } }),
    ],
    ['where CI is red', /ci\.yml ended with "failure" for/, () => sandbox.commit('1.1.0', { ci: 'failure' })],
    ['where CI still runs', /ci\.yml is not done with/, () => sandbox.commit('1.1.0', { ci: 'in_progress' })],
    [
      'where CI ran for the pull request alone',
      /ci\.yml never ran for a push of/,
      () => {
        const commit = sandbox.commit('1.1.0', { ci: false });
        sandbox.ci(commit, 'success', 'pull_request');
        return commit;
      },
    ],
    [
      'where CI went red after it was green',
      /ci\.yml ended with "cancelled" for/,
      () => {
        const commit = sandbox.commit('1.1.0');
        sandbox.ci(commit, 'cancelled');
        return commit;
      },
    ],
    [
      'for a version with build metadata',
      /v1\.1\.0-rc\+5 is not a version/,
      () => sandbox.commit('1.1.0-rc+5'),
      'v1.1.0-rc+5',
    ],
    [
      'for a version with a leading zero',
      /v1\.01\.0 is not a version/,
      () => sandbox.commit('1.01.0'),
      'v1.01.0',
    ],
    [
      'for a version before one of the same minor version',
      /v0\.9\.0 comes before v0\.9\.1, which is released/,
      () => {
        sandbox.change(({ releases }) => releases.push(published('v0.9.1')));
        return sandbox.commit('0.9.0');
      },
      'v0.9.0',
    ],
    [
      'for a pre-release of what is out',
      /v1\.0\.0-rc\.1 comes before v1\.0\.0, which is released/,
      () => sandbox.commit('1.0.0-rc.1'),
      'v1.0.0-rc.1',
    ],
    [
      'for a commit without what v1 stands on',
      /v1\.1\.0 does not contain \w+, on which v1 stands/,
      () => {
        const fix = sandbox.commit('1.0.1', { branch: 'release/1.0', from: 'main' });
        const commit = sandbox.commit('1.1.0');
        sandbox.tag('v1.0.1', fix);
        sandbox.tag('v1', fix, '--force', '--no-sign');
        return commit;
      },
    ],
    [
      'where v1 was moved by hand to a commit that is no release',
      /The tag v1 stands on \w+, which is no release/,
      () => {
        const commit = sandbox.commit('1.1.0');
        sandbox.tag('v1', sandbox.commit('1.1.1'), '--force', '--no-sign');
        return commit;
      },
    ],
    [
      'where a branch has the name of the major tag',
      /There is a branch called v1 too/,
      () => {
        sandbox.git('push', '--quiet', 'origin', 'main:refs/heads/v1');
        return sandbox.commit('1.1.0');
      },
    ],
    [
      'for a link in dist',
      /dist\/one\/link\.js can't be released: it is not a plain file/,
      () => {
        symlinkSync('index.js', join(sandbox.clone, 'dist/one/link.js'));
        return sandbox.commit('1.1.0');
      },
    ],
  ];

  it.each(cases)('%s', async (_, reason, prepare, tag = 'v1.1.0', ...options) => {
    sandbox.released('1.0.0');
    const commit = prepare();
    const before = [sandbox.at('v1'), sandbox.state.releases, sandbox.state.attestations];
    const steps = await sandbox.release(tag, commit, ...options);
    expect(failures(steps).join('\n')).toMatch(reason);
    expect(steps.every(({ job }) => job === 'verify')).toBe(true);
    expect([sandbox.at('v1'), sandbox.state.releases, sandbox.state.attestations]).toEqual(before);
  });

  it('for a version that is released with other files', async () => {
    const first = sandbox.commit('1.0.0');
    await sandbox.release('v1.0.0', first);
    const other = sandbox.commit('1.0.0', { files: { 'dist/one/helper.sh': 'echo other\n' } });
    const steps = await sandbox.run('v1.0.0', other);
    expect(failures(steps).join('\n')).toContain('v1.0.0 is released already, with other files.');
    expect(sandbox.at('v1')).toBe(first);
  });

  it('when the tag is moved while the release waits for its approval', async () => {
    const commit = sandbox.commit('1.0.0');
    sandbox.tag('v1.0.0', commit);
    const run = sandbox.start('v1.0.0', commit);
    await advance(run, 'Rebuild the bundles and compare');
    sandbox.tag(
      'v1.0.0',
      sandbox.commit('1.0.0', { files: { 'one.txt': 'other' } }),
      '--force',
      '--annotate',
      '--message',
      'other',
    );
    const steps = await finish(run);
    expect(failures(steps).join('\n')).toMatch(/The tag v1\.0\.0 names \w+ now, not/);
    expect([sandbox.state.releases, sandbox.at('v1')]).toEqual([[], undefined]);
  });

  it('when releases are not immutable, until they are', async () => {
    sandbox.change((state) => {
      state.immutableReleases = false;
    });
    const commit = sandbox.commit('1.0.0');
    const steps = await sandbox.release('v1.0.0', commit);
    expect(failures(steps).join('\n')).toContain(
      'The release v1.0.0 can be changed, so its major tag stays where it is.',
    );
    expect(sandbox.at('v1')).toBeUndefined();

    sandbox.change((state) => {
      state.immutableReleases = true;
      state.releases = [];
    });
    expect(failures(await sandbox.run('v1.0.0', commit))).toEqual([]);
    expect(sandbox.at('v1')).toBe(commit);
  });
});

describe('a run that stopped half-way', () => {
  it.each([
    ['release create', true],
    ['release upload', false],
    ['release upload', true],
    ['release edit', false],
    ['release edit', true],
    ['release verify-asset', false],
  ])(
    'at "gh %s" (done all the same: %s) publishes nothing half, and its repetition ends as if nothing had been',
    async (call, after) => {
      const commit = sandbox.commit('1.0.0');
      sandbox.change(({ faults }) => faults.push({ call, after, message: 'HTTP 502: Bad Gateway' }));
      expect(failures(await sandbox.release('v1.0.0', commit)).join('\n')).toContain('HTTP 502: Bad Gateway');
      expect(sandbox.at('v1')).toBeUndefined();
      for (const release of sandbox.state.releases)
        if (!release.draft) expect(release.assets).toHaveLength(3);

      expect(failures(await sandbox.run('v1.0.0', commit))).toEqual([]);
      expect(sandbox.state.releases).toHaveLength(1);
      expect(sandbox.state.releases[0]).toMatchObject({ draft: false, immutable: true });
      expect(sandbox.state.releases[0]?.assets).toHaveLength(3);
      expect(sandbox.at('v1')).toBe(commit);
    },
  );

  it('leaves a draft alone that has files of others', async () => {
    const commit = sandbox.commit('1.0.0');
    sandbox.change(({ releases }) =>
      releases.push({
        ...published('v1.0.0'),
        draft: true,
        immutable: false,
        assets: [{ name: 'evil.sh', state: 'uploaded', digest: 'sha256:00' }],
      }),
    );
    const steps = await sandbox.release('v1.0.0', commit);
    expect(failures(steps).join('\n')).toMatch(
      /The draft of v1\.0\.0 has other files than were sent.*evil\.sh uploaded sha256:00/,
    );
    expect(sandbox.state.releases[0]?.draft).toBe(true);
    expect(sandbox.at('v1')).toBeUndefined();
  });
});

describe('two releases', () => {
  it('wait for each other, and none is dropped', () => {
    const text = readFileSync(
      fileURLToPath(new URL('../../.github/workflows/release.yml', import.meta.url)),
      'utf8',
    );
    const { concurrency } = parse(text) as { concurrency: unknown };
    expect(concurrency).toEqual({ group: 'release', 'cancel-in-progress': false, queue: 'max' });
  });

  it.each(['the older', 'the newer'])(
    'that run at once all the same end with v1 on the newer when %s is last',
    async (last) => {
      const [older, newer] = [sandbox.commit('1.0.0'), sandbox.commit('1.1.0')];
      sandbox.tag('v1.0.0', older);
      sandbox.tag('v1.1.0', newer);
      const runs = [sandbox.start('v1.0.0', older), sandbox.start('v1.1.0', newer)];
      for (const run of runs) await advance(run, 'Publish the release');
      for (const run of last === 'the newer' ? runs : runs.toReversed())
        expect(failures(await finish(run))).toEqual([]);
      expect([sandbox.at('v1'), sandbox.state.latest]).toEqual([newer, 'v1.1.0']);
    },
  );

  it('never undo each other: git refuses to move v1 from where it no longer stands', async () => {
    const [older, newer] = [sandbox.commit('1.0.0'), sandbox.commit('1.1.0')];
    sandbox.tag('v1.0.0', older);
    sandbox.tag('v1.1.0', newer);
    const run = sandbox.start('v1.0.0', older);
    await advance(run, 'Sign in as the release app');
    sandbox.beforeNextPush(`git push --quiet origin ${newer}:refs/tags/v1`);
    const [step] = await finish(run);
    expect(step?.log).toBe(
      'v1 moved at the same time; looking again.\nv1 stays where it is: v1.1.0 is newer.\n',
    );
    expect(sandbox.at('v1')).toBe(newer);
  });
});

const RELEASES = 'api --paginate --slurp repos/gangway-dev/gangway/releases?per_page=100';
const CHECK = [
  RELEASES,
  'api repos/gangway-dev/gangway/actions/workflows/ci.yml/runs?event=push&head_sha=COMMIT&per_page=1',
  'api repos/gangway-dev/gangway/actions/workflows/check-dist.yml/runs?event=push&head_sha=COMMIT&per_page=1',
];

function calls(commit: string): string[] {
  return sandbox.state.calls.map((args) =>
    args
      .join(' ')
      .replaceAll(commit, 'COMMIT')
      .replaceAll(/\S+\/temp\/release\//g, 'FILES/'),
  );
}

function failures(steps: readonly StepOutcome[]): string[] {
  return steps.filter(({ ok }) => !ok).map(({ step, log }) => `${step}: ${log}`);
}

async function advance(run: AsyncGenerator<StepOutcome>, upTo: string): Promise<void> {
  for (;;) {
    const { value, done } = await run.next();
    if (done) throw new Error(`The run ended before "${upTo}".`);
    if (!value.ok) throw new Error(`${value.step}: ${value.log}`);
    if (value.step === upTo) return;
  }
}

function published(tag_name: string) {
  return { tag_name, name: tag_name, body: '', draft: false, prerelease: false, immutable: true, assets: [] };
}
