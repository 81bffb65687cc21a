import { describe, expect, it } from 'vitest';
import { type BuildEvent, readBuildEvent } from './build-event.ts';
import { readFlavor } from './flavor.ts';
import { imageMetadata } from './image-metadata.ts';
import { fillTemplate, makeTags, readTagRules, sanitiseTag, TagError } from './image-tags.ts';

const IMAGE = 'us-docker.pkg.dev/demo-project/images/app';
const SHA = '860c1904a1ce19322e91ac35af1ab07466440c37';
const NOW = new Date('2026-01-01T23:30:05Z');
const COMMITTED = '2025-12-30T23:30:05+01:00';

/** An event as GitHub's variables and payload tell it. */
function event(ref: string, env: Record<string, string> = {}, payload: object = {}): BuildEvent {
  const repository = { name: 'hello', default_branch: 'main', html_url: 'https://github.com/example/hello' };
  return readBuildEvent(
    { GITHUB_EVENT_NAME: 'push', GITHUB_REF: ref, GITHUB_SHA: SHA, GITHUB_RUN_NUMBER: '24', ...env },
    { repository, head_commit: { id: SHA, timestamp: COMMITTED }, ...payload },
    NOW,
  );
}

const MAIN = event('refs/heads/main');
const BRANCH = event('refs/heads/feat/Übung#1');
const RELEASE = event('refs/tags/v1.2.3');
const CANDIDATE = event('refs/tags/v1.2.3-rc.1');
const PULL = event(
  'refs/pull/7/merge',
  { GITHUB_EVENT_NAME: 'pull_request' },
  { number: 7, pull_request: { base: { ref: 'main' } } },
);
const SCHEDULE = readBuildEvent(
  { GITHUB_EVENT_NAME: 'schedule', GITHUB_REF: 'refs/heads/main', GITHUB_SHA: SHA },
  { schedule: '0 3 * * *' },
  NOW,
);
const FLAVOR = readFlavor([]);

function tags(lines: string | readonly string[], of: BuildEvent, flavor = FLAVOR): readonly string[] {
  return makeTags(readTagRules([lines].flat(), IMAGE), flavor, of).tags;
}

describe('words', () => {
  it.each([
    ['sha', MAIN, [SHA]],
    ['short-sha', MAIN, ['860c190']],
    ['branch', MAIN, ['main']],
    ['branch', BRANCH, ['feat-bung-1']],
    ['branch', RELEASE, []],
    ['tag', RELEASE, ['v1.2.3', 'latest']],
    ['tag', CANDIDATE, ['v1.2.3-rc.1']],
    ['tag', event('refs/tags/1.2rc1'), ['1.2rc1']],
    ['tag', event('refs/tags/app/v1.2.3-rc.1'), ['app-v1.2.3-rc.1']],
    ['tag', event('refs/tags/app-v1.2.3-rc.1'), ['app-v1.2.3-rc.1']],
    ['tag', event('refs/tags/app-v1.2.3'), ['app-v1.2.3', 'latest']],
    ['tag', event('refs/tags/1.0.post1'), ['1.0.post1', 'latest']],
    ['tag', MAIN, []],
    [`${IMAGE}:1.2.3,${IMAGE}:sha-860c190`, RELEASE, ['1.2.3', 'sha-860c190']],
    ['pr', PULL, ['pr-7']],
    ['pr', MAIN, []],
    ['semver', RELEASE, ['1.2.3', '1.2', '1', 'latest']],
    ['semver', CANDIDATE, ['1.2.3-rc.1']],
    ['semver', event('refs/tags/v0.4.0'), ['0.4.0', '0.4', 'latest']],
    ['semver', event('refs/tags/1.2.3+build.5'), ['1.2.3', '1.2', '1', 'latest']],
    ['semver', event('refs/tags/v1.2'), []],
    ['semver', event('refs/tags/v01.2.3'), []],
    ['semver', MAIN, []],
    ['schedule', SCHEDULE, ['nightly']],
    ['schedule', MAIN, []],
    ['edge', MAIN, ['edge']],
    ['edge', BRANCH, []],
    ['edge', SCHEDULE, ['edge']],
    ['latest', MAIN, ['latest']],
    ['latest', SCHEDULE, ['latest']],
    ['latest', BRANCH, []],
    ['latest', PULL, []],
    ['latest', RELEASE, []],
  ])('%s at %o: %j', (word, of, expected) => expect(tags(word, of as BuildEvent)).toEqual(expected));

  it('are what they always were where nothing is known of the event', () => {
    const nothing = readBuildEvent({}, undefined, NOW);
    expect(tags('latest, v1, sha', nothing)).toEqual(['latest', 'v1']);
  });

  it('say which did not apply', () => {
    expect(makeTags(readTagRules(['sha, pr', 'semver'], IMAGE), FLAVOR, MAIN).left).toEqual(['pr', 'semver']);
  });
});

describe('templates', () => {
  it.each([
    ['v{{major}}.{{minor}}', RELEASE, ['v1.2', 'latest']],
    ['v{{ major }}', CANDIDATE, []],
    ['v{{version}}', CANDIDATE, ['v1.2.3-rc.1']],
    ['v{{major}}', MAIN, []],
    ['{{branch}}-{{sha}}', MAIN, ['main-860c190']],
    ['{{branch}}-{{sha}}', RELEASE, []],
    ['{{full_sha}}', MAIN, [SHA]],
    ['pr{{pr}}-{{base_ref}}', PULL, ['pr7-main']],
    ['build-{{run_number}}', MAIN, ['build-24']],
    ["{{date 'YYYYMMDD'}}, x", MAIN, ['20260101', 'x']],
    ["{{date 'YYYY-MM-DD, HH:mm' tz='Europe/Berlin'}}", MAIN, ['2026-01-02-00-30']],
    ["{{commit_date 'YYYYMMDD-HHmmss'}}", MAIN, ['20251230-223005']],
    ['{{commit_date "GGGG[w]WW"}}', MAIN, ['2026w01']],
    ["{{commit_date 'YYYY'}}", SCHEDULE, []],
  ])('%s at %o: %j', (text, of, expected) => expect(tags(text, of as BuildEvent)).toEqual(expected));

  it('read the version off a Git tag of one part of a repository', () => {
    expect(tags('{{major}}.{{minor}}', event('refs/tags/api/v1.2.3'))).toEqual(['1.2', 'latest']);
  });
});

// What docker/metadata-action makes of the same lines (its README and tests).
describe("docker/metadata-action's lines", () => {
  it.each([
    ['type=sha', MAIN, ['sha-860c190']],
    ['type=sha,format=long,prefix=', MAIN, [SHA]],
    ['type=ref,event=branch', MAIN, ['main']],
    ['type=ref,event=tag', RELEASE, ['v1.2.3', 'latest']],
    ['type=ref,event=pr', PULL, ['pr-7']],
    ['type=ref,event=pr,prefix=mr-,suffix=-{{sha}}', PULL, ['mr-7-860c190']],
    ["type=ref,event=branch,suffix=-{{date 'X'}}", MAIN, ['main-1767310205']],
    ['type=semver,pattern={{version}}', RELEASE, ['1.2.3', 'latest']],
    ['type=semver,pattern={{raw}}', CANDIDATE, ['v1.2.3-rc.1']],
    ['type=semver,pattern={{major}}.{{minor}}', CANDIDATE, ['1.2.3-rc.1']],
    ['type=semver,pattern={{version}},value=v2.0.0', MAIN, ['2.0.0', 'latest']],
    ['type=semver,pattern={{major}},match=api-(.*)', event('refs/tags/api-v3.1.0'), ['3', 'latest']],
    ['type=semver,pattern={{version}}', MAIN, []],
    ['type=pep440,pattern={{version}}', event('refs/tags/1.2.3rc2'), ['1.2.3rc2']],
    ['type=pep440,pattern={{version}}', event('refs/tags/v1.2.3-RC.2'), ['1.2.3rc2']],
    ['type=pep440,pattern={{version}}', event('refs/tags/1.1beta2'), ['1.1b2']],
    ['type=pep440,pattern={{version}}', event('refs/tags/1.0dev4'), ['1.0.dev4']],
    ['type=pep440,pattern={{major}}', event('refs/tags/1.2post1'), ['1.2.post1']],
    ['type=pep440,pattern={{major}}.{{minor}}', event('refs/tags/1.2'), ['1.2', 'latest']],
    ['type=pep440,pattern={{version}}', event('refs/tags/release1'), []],
    ['type=match,pattern=\\d{8}', event('refs/tags/20200110-RC2'), ['20200110', 'latest']],
    ['type=match,pattern=v(.*),group=1', RELEASE, ['1.2.3', 'latest']],
    ['"type=match,pattern=/V(\\d{1,3})/i,group=1"', RELEASE, null],
    ['type=match,"pattern=/V(\\d{1,3})/i",group=1', RELEASE, ['1', 'latest']],
    ['type=match,pattern=nothing', RELEASE, []],
    ['type=edge', MAIN, ['edge']],
    ['type=edge,branch=develop', MAIN, []],
    ['type=edge,branch=develop', event('refs/heads/develop'), ['edge']],
    ['type=raw,value=latest,enable={{is_default_branch}}', MAIN, ['latest']],
    ['type=raw,value=latest,enable={{is_default_branch}}', BRANCH, []],
    ['type=raw,value=branch', MAIN, ['branch']],
    ['type=raw,value={{branch}}-x', RELEASE, ['x']],
    ['type=raw,enable=false,value=x', MAIN, []],
    ['type=raw,value=', MAIN, []],
    ['type=raw,value={{tag}}', MAIN, []],
    ['type=raw,value={{tag}},prefix=v', MAIN, ['v']],
    ['type=semver,pattern={{version}},value=', RELEASE, ['1.2.3', 'latest']],
    ['type=raw,value="foo"', MAIN, ['foo']],
    ['type=raw,value="foo,bar"', MAIN, ['foo-bar']],
    ['type=raw,value={{{branch}}}', MAIN, ['main']],
    ['type=raw,value={{branch}}', event('refs/heads/a&b'), ['a-amp-b']],
    ['type=raw,value={{{branch}}}', event('refs/heads/a&b'), ['a-b']],
    ['type=semver,pattern={{{raw}}}', CANDIDATE, ['v1.2.3-rc.1']],
    ['v1,enable={{is_default_branch}}', MAIN, ['v1']],
    ['enable=true,value=v1,type=raw', MAIN, ['v1']],
    ['type=nope,enable=false', MAIN, []],
    ['type=semver,enable=false', MAIN, []],
    ['type=raw,value={{nope}},enable={{is_not_default_branch}}', MAIN, []],
    ['type=raw,value=x,prefix={{nope}},enable=false', MAIN, []],
    ['type=match,pattern=(,enable=false', MAIN, []],
    ['type=raw,value=on-{{base_ref}}', event('refs/heads/x', {}, { base_ref: 'refs/heads/main' }), ['on-']],
    [
      'type=raw,value=on-{{base_ref}}',
      event('refs/tags/x', {}, { base_ref: 'refs/heads/main' }),
      ['on-main'],
    ],
    ["type=schedule,pattern={{date 'YYYY-MM-DDTHHmmss'}}", SCHEDULE, ['2026-01-01T233005']],
    ["type=schedule,pattern={{date 'YYYYMMDD'}}", SCHEDULE, ['20260101']],
    ['type=schedule', SCHEDULE, ['nightly']],
  ])('%s at %o: %j', (line, of, expected) => {
    if (expected) expect(tags(line, of as BuildEvent)).toEqual(expected);
    else expect(() => tags(line, of as BuildEvent)).toThrow(TagError);
  });

  it('know pull requests of forks, and their own commit', () => {
    const env = {
      GITHUB_EVENT_NAME: 'pull_request_target',
      DOCKER_METADATA_PR_HEAD_SHA: 'true',
      DOCKER_METADATA_SHORT_SHA_LENGTH: '12',
    };
    const payload = { number: 9, pull_request: { head: { sha: 'f'.repeat(40) }, base: { ref: 'main' } } };
    expect(tags(['type=ref,event=pr', 'type=sha'], event('refs/heads/main', env, payload))).toEqual([
      'pr-9',
      `sha-${'f'.repeat(12)}`,
    ]);
  });

  it('take a flavor', () => {
    const given = readFlavor(['latest=true', 'prefix=web-,onlatest=true', 'suffix=-{{branch}}']);
    expect(tags(['type=ref,event=branch', 'type=sha', 'v1'], MAIN, given)).toEqual([
      'web-main-main',
      'sha-860c190-main',
      'web-v1-main',
      'web-latest',
    ]);
    expect(tags('semver', RELEASE, readFlavor(['latest=false']))).toEqual(['1.2.3', '1.2', '1']);
  });
});

it('makes the tag of the highest priority the version', () => {
  const version = (lines: string[], of: BuildEvent) =>
    makeTags(readTagRules(lines, IMAGE), FLAVOR, of).version;
  expect(version(['sha', 'latest'], MAIN)).toBe(SHA);
  expect(version(['sha, branch, semver'], RELEASE)).toBe('1.2.3');
  expect(version(['type=sha', 'type=raw,value=x,priority=1001', 'schedule'], SCHEDULE)).toBe('x');
});

it.each([
  ['no spaces', 'write a tag of letters'],
  ['x'.repeat(129), '128 at most'],
  ['-x', 'write a tag'],
  ['{{nope}}', '{{nope}} is unknown; there are branch, tag,'],
  ['{{branch', 'write {{name}}'],
  ['{{#if x}}', 'write {{name}}'],
  ['{{date}}', 'give the date a format'],
  ["{{date 'YYYY' tz='Mars/Phobos'}}", '"Mars/Phobos" is not a time zone'],
  ["{{date 'YYYY' zone='UTC'}}", "a date takes tz='Europe/Berlin', not zone"],
  ["{{date 'z' tz='Europe/Berlin'}}", 'write Z, its offset'],
  ['{{{branch}}', 'write {{name}}'],
  ['ghcr.io/me/app:1.0', `this step pushes to ${IMAGE} alone`],
  [`${IMAGE}-web:1.0`, 'alone, so write its tags'],
  ['type=raw,value={{nope}},enable={{is_not_default_branch}}x', 'write enable= with true, false'],
  ["{{branch 'x'}}", '{{branch}} takes no values'],
  ['type=nope', 'write type=TYPE, one of schedule, semver,'],
  ['type=semver', 'type=semver needs pattern'],
  ['type=semver,pattern={{branch}}', '{{branch}} is unknown; there are version, raw,'],
  ['type=ref', 'write event= with branch, tag or pr'],
  ['type=ref,event=main', 'write event='],
  ['type=sha,format=tiny', 'write format= with short or long'],
  ['type=sha,patern=x', 'type=sha takes format, enable, priority, prefix, suffix, not patern'],
  ['type=raw', 'type=raw needs value'],
  ['type=raw,value=x,enable=perhaps', 'write enable= with true, false'],
  ['type=raw,value=x,priority=high', 'write priority=NUMBER'],
  ['type=raw,value=x,prefix={{nope}}', '{{nope}} is unknown'],
  ['type=match,pattern=(', 'is not a regular expression'],
  ['type=match,pattern=x,group=one', 'write group= with a number'],
  ['type=raw,value=---', 'which is not a valid tag'],
])('refuses %j at any event', (line, message) => {
  for (const of of [MAIN, RELEASE]) {
    expect(() => tags(line, of)).toThrow(TagError);
    expect(() => tags(line, of)).toThrow(message);
  }
});

it.each([['latest=perhaps'], ['onlatest=true'], ['colour=red'], ['prefix']])(
  'refuses the flavor %j',
  (line) => expect(() => readFlavor([line])).toThrow('write latest=auto'),
);

it('keeps long tags apart', () => {
  const [one, two] = ['a', 'b'].map((end) => sanitiseTag(`${'x'.repeat(200)}${end}`));
  expect(one).toMatch(/^x{119}-[0-9a-f]{8}$/);
  expect(one).not.toBe(two);
  expect(sanitiseTag('..-/#')).toBeUndefined();
});

it('fills templates in, and leaves other text as it is', () => {
  expect(fillTemplate('on {{branch}} at {{sha}}', MAIN)).toBe('on main at 860c190');
  expect(fillTemplate('}} as it is', MAIN)).toBe('}} as it is');
  expect(() => fillTemplate('{{nope}}', MAIN)).toThrow(TagError);
});

describe('the metadata of an image', () => {
  it("is the commit's", () => {
    const full = event(
      'refs/tags/v1.2.3',
      {},
      {
        repository: {
          name: 'hello',
          description: ' Says hello. ',
          html_url: 'https://github.com/example/hello',
          license: { spdx_id: 'MIT' },
        },
      },
    );
    expect(imageMetadata(full, '1.2.3')).toEqual({
      'org.opencontainers.image.title': 'hello',
      'org.opencontainers.image.description': 'Says hello.',
      'org.opencontainers.image.url': 'https://github.com/example/hello',
      'org.opencontainers.image.source': 'https://github.com/example/hello',
      'org.opencontainers.image.version': '1.2.3',
      'org.opencontainers.image.created': '2025-12-30T22:30:05.000Z',
      'org.opencontainers.image.revision': SHA,
      'org.opencontainers.image.licenses': 'MIT',
    });
  });

  it('says nothing that nobody told', () => {
    expect(imageMetadata(readBuildEvent({}, 'junk', NOW), undefined)).toEqual({});
    const asked = readBuildEvent(
      { GITHUB_SHA: SHA, GITHUB_REPOSITORY: 'example/hello' },
      null,
      NOW,
      () => new Date(0),
    );
    expect(imageMetadata(asked, 'x')).toMatchObject({
      'org.opencontainers.image.title': 'hello',
      'org.opencontainers.image.source': 'https://github.com/example/hello',
      'org.opencontainers.image.created': '1970-01-01T00:00:00.000Z',
    });
  });
});
