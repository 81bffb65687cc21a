import { describe, expect, it } from 'vitest';
import { judgeMachines } from './judge.ts';
import type { Machine } from './machine.ts';

const NEW = `sha256:${'b'.repeat(64)}`;
const OLD = `sha256:${'a'.repeat(64)}`;

function machine(id: string, changes: Partial<Machine> = {}, metadata: Record<string, string> = {}): Machine {
  return {
    id,
    state: 'started',
    host_status: 'ok',
    image_ref: { registry: 'registry.fly.io', repository: 'hello', digest: NEW },
    checks: [{ name: 'servicecheck-00-http-8080', status: 'passing' }],
    ...changes,
    config: {
      metadata: { fly_process_group: 'app', fly_release_id: 'r2', fly_release_version: '2', ...metadata },
      services: [{ autostop: false, checks: [{}] }],
      ...changes.config,
    },
  };
}

const before = [machine('1'), machine('2')];
const wanted = { digests: [NEW], release: 'r2', groups: ['app'], before };
const why = (machines: Machine[], w = {}) =>
  judgeMachines(machines, { ...wanted, ...w }).map(({ subject, why }) => `${subject} ${why}`);

describe('the truth about a deploy', () => {
  it('is good when all machines run it and pass', () =>
    expect(why([machine('1'), machine('2')])).toEqual([]));

  it('names the machine that was left behind', () => {
    const behind = machine(
      '2',
      { image_ref: { registry: 'r', repository: 'hello', digest: OLD } },
      { fly_release_id: 'r1' },
    );
    expect(why([machine('1'), behind])).toEqual([`2 still runs r/hello@${OLD}`]);
  });

  it('names the machine that has the image but not the release', () => {
    const behind = machine('2', {}, { fly_release_id: 'r1', fly_release_version: '1' });
    expect(why([machine('1'), behind])).toEqual(['2 is still on release v1']);
  });

  it('wants one image for all where the image was named by a tag', () => {
    const behind = machine('2', { image_ref: { repository: 'hello', tag: 'x', digest: OLD } });
    expect(why([machine('1'), behind], { digests: [] })).toEqual([`2 still runs hello:x@${OLD}`]);
  });

  it.each([
    [{ state: 'stopped' }, '2 is stopped, not started'],
    [{ state: 'created' }, '2 is created, not started'],
    [
      { state: 'stopped', events: [{ type: 'exit', request: { exit_event: { exit_code: 3 } } }] },
      '2 exited with code 3 and is stopped',
    ],
    [
      { events: [{ type: 'exit', request: { exit_event: { exit_code: 3 } } }, { type: 'start' }] },
      '2 exits with code 3 and is restarted again and again',
    ],
    [
      { events: [{ type: 'exit', request: { exit_event: { oom_killed: true } } }] },
      '2 was killed: out of memory',
    ],
    [{ cordoned: true }, '2 is cordoned: no request is routed to it'],
    [{ host_status: 'unreachable' }, '2 is on a host that is unreachable: what it runs is not known'],
    [{ checks: [] }, '2 has results of 0 of its 1 check'],
    [
      { checks: [{ name: 'alive', status: 'critical', output: 'connection\n refused' }] },
      '2 fails its check alive: critical: connection refused',
    ],
  ] as [Partial<Machine>, string][])('names what is wrong with a machine: %j', (changes, expected) =>
    expect(why([machine('1'), machine('2', changes)])).toEqual([expected]),
  );

  it('lets those rest that Fly stops by itself, that are in reserve or that rested before', () => {
    const resting = { state: 'stopped', checks: [] };
    expect(
      why([machine('1'), machine('2', { ...resting, config: { services: [{ autostop: 'stop' }] } })]),
    ).toEqual([]);
    expect(why([machine('1'), machine('2', { ...resting, config: { standbys: ['1'] } })])).toEqual([]);
    const then = { before: [machine('1'), machine('2', { state: 'suspended' })] };
    expect(why([machine('1'), machine('2', resting)], then)).toEqual([]);
  });

  const ended = (exit_code: number, policy?: string, services: object[] = []) =>
    machine('2', {
      state: 'stopped',
      checks: [],
      events: [{ type: 'exit', request: { exit_event: { exit_code } } }],
      config: { services, ...(policy && { restart: { policy } }) },
    });

  it.each([
    ['no', 0, [], []],
    ['no', 0, [{}], []],
    ['no', 3, [], ['2 exited with code 3 and is stopped']],
    ['on-failure', 0, [], []],
    ['on-failure', 0, [{}], ['2 is stopped, not started']],
    ['always', 0, [], ['2 is stopped, not started']],
    [undefined, 0, [], ['2 is stopped, not started']],
  ] as const)('judges by the restart policy: %s, ended with %i', (policy, code, services, expected) =>
    expect(why([machine('1'), ended(code, policy, [...services])])).toEqual(expected),
  );

  it('tells a machine of another deploy, made since, from one that is behind', () => {
    const others = machine('3', {}, { fly_release_id: 'r1', fly_release_version: '1' });
    expect(why([machine('1'), others], { before: [] })).toEqual([
      '3 is on release v1: another deploy made it at the same time',
    ]);
  });

  it('lets one that was cordoned be so', () => {
    const then = { before: [machine('1'), machine('2', { cordoned: true })] };
    expect(why([machine('1'), machine('2', { cordoned: true })], then)).toEqual([]);
  });

  it('tells first what is not well', () => {
    const behind = machine('1', {}, { fly_release_id: 'r1', fly_release_version: '1' });
    expect(why([behind, machine('2', { state: 'failed' })])).toEqual([
      '2 has failed to start',
      '1 is still on release v1',
    ]);
  });

  it('misses machines and groups', () => {
    expect(why([machine('1')])).toEqual([
      'group app has 1 machine where it had 2: some were lost in the deploy',
    ]);
    expect(why([], { before: [] })).toEqual(['group app has no machine: the deploy created none']);
    expect(why([machine('1'), machine('2')], { groups: ['app', 'worker'] })).toEqual([
      'group worker has no machine: the deploy created none',
    ]);
  });
});

describe('how long a machine may take to become well', () => {
  const findings = (changes: Partial<Machine>) =>
    judgeMachines([machine('1', changes), machine('2')], wanted);
  const crash = { type: 'exit', request: { exit_event: { exit_code: 9, requested_stop: false } } };
  const checks = (check: Record<string, unknown>) => ({
    checks: [{ name: 'a', status: 'critical' }],
    config: { ...machine('1').config, services: [{ checks: [check] }] },
  });

  it.each<[string, Partial<Machine>, number | undefined, boolean]>([
    ['one that starts', { state: 'starting' }, 60_000, false],
    ['one that crashed once', { events: [crash, { type: 'start' }] }, 60_000, false],
    ['one that crashes again and again', { events: [crash, crash, crash, { type: 'launch' }] }, 60_000, true],
    ['one whose crashes are of before', { events: [crash, { type: 'update' }, crash, crash] }, 60_000, false],
    ['a check by default', checks({}), 40_000, false],
    ['a check with grace', checks({ grace_period: '1m30s', interval: '5s', timeout: '2s' }), 102_000, false],
    ['a check in nanoseconds', checks({ interval: 1e9, timeout: 1e9 }), 3000, false],
    ['one that is cordoned', { cordoned: true }, undefined, false],
  ])('%s', (_, changes, patience, final) => {
    const [found] = findings(changes);
    expect(found?.patience).toBe(patience);
    expect(found?.final).toBe(final);
  });
});
