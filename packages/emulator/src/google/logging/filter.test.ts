import { describe, expect, it } from 'vitest';
import { compileFilter } from './filter.ts';

const LINE = {
  logName: 'projects/p/logs/run.googleapis.com%2Fstdout',
  resource: { type: 'cloud_run_revision', labels: { service_name: 'web', location: 'us-central1' } },
  labels: { 'run.googleapis.com/execution_name': 'sums-1', container_name: 'app' },
  timestamp: '2026-11-29T10:00:00.123456789Z',
  textPayload: 'Hello World: 42 items',
};
const STRUCTURED = {
  ...LINE,
  textPayload: undefined,
  severity: 'ERROR',
  jsonPayload: {
    message: 'it broke',
    code: 503,
    tags: ['a', 'b'],
    user: { id: 7 },
    ip: '10.1.2.3',
    ok: false,
  },
};

describe('a filter of the Logging query language', () => {
  it.each([
    ['', 'both'],
    ['  -- nothing but a comment', 'both'],
    // What gcloud run services logs read sends.
    [
      'resource.type = cloud_run_revision \n AND resource.labels.service_name = web \n AND severity >= DEFAULT \n AND timestamp>="2026-11-28T00:00:00Z"',
      'both',
    ],
    ['severity>=DEFAULT', 'both'],
    ['severity=default', 'line'],
    ['severity>=WARNING', 'structured'],
    ['severity>=400', 'structured'],
    ['severity=(ERROR OR CRITICAL)', 'structured'],
    ['severity<ERROR', 'line'],
    ['textPayload:hello', 'line'],
    ['text_payload:"hello world"', 'line'],
    ['textPayload="hello world: 42 items"', 'line'],
    ['textPayload=~"^Hello \\\\w+"', 'line'],
    ['textPayload=~"^hello"', 'none'],
    ['textPayload=~"(?i)^hello"', 'line'],
    ['textPayload!~"Hello"', 'structured'],
    ['-textPayload:hello', 'structured'],
    ['NOT textPayload:hello', 'structured'],
    ['-(textPayload:hello OR severity=ERROR)', 'none'],
    ['hello', 'line'],
    ['"it broke"', 'structured'],
    ['broke 503', 'structured'],
    ['broke hello', 'none'],
    ['broke OR hello', 'both'],
    ['-broke', 'line'],
    // OR binds more than AND.
    ['textPayload:hello OR severity=ERROR AND jsonPayload.code=503', 'structured'],
    ['(textPayload:hello) OR (severity=ERROR AND jsonPayload.code=503)', 'both'],
    ['jsonPayload.code>=500', 'structured'],
    ['jsonPayload.code>60', 'structured'],
    ['jsonPayload.code=(404 OR 503)', 'structured'],
    ['jsonPayload.code!=503', 'line'],
    ['jsonPayload.user.id=7', 'structured'],
    ['jsonPayload.tags=b', 'structured'],
    ['jsonPayload.tags:(a AND b)', 'structured'],
    ['jsonPayload.message:*', 'structured'],
    ['jsonPayload:*', 'structured'],
    ['jsonPayload.ok=false', 'structured'],
    ['jsonPayload:broke', 'structured'],
    ['labels."run.googleapis.com/execution_name"="sums-1"', 'both'],
    ["labels.container_name='app'", 'both'],
    ['log_id("run.googleapis.com/stdout")', 'both'],
    ['log_id("stderr")', 'none'],
    ['logName="projects/p/logs/run.googleapis.com%2Fstdout"', 'both'],
    ['log_name:stdout', 'both'],
    ['SEARCH("BROKE it")', 'structured'],
    ['SEARCH(textPayload, "world")', 'line'],
    ['ip_in_net(jsonPayload.ip, "10.0.0.0/8")', 'structured'],
    ['ip_in_net(jsonPayload.ip, "192.168.0.0/16")', 'none'],
    ['sample(timestamp, 1)', 'both'],
    ['source(projects/p)', 'both'],
    ['timestamp>="2026-11-29T10:00:00.123456789Z"', 'both'],
    ['timestamp<"2026-11-29T10:00:00.1234Z"', 'none'],
    ['timestamp>2026-11-29T09:59:59Z', 'both'],
    ['timestamp>="2026-11-30"', 'none'],
    ['severity=ERROR -- and no others\nbroke', 'structured'],
  ])('%s: %s', (filter, found) => {
    const matches = compileFilter(filter);
    const [line, structured] = [matches(LINE), matches(STRUCTURED)];
    expect(line && structured ? 'both' : line ? 'line' : structured ? 'structured' : 'none').toBe(found);
  });

  it.each([
    'textPayload=',
    '(a',
    'a)',
    'a OR',
    'NOT',
    '"never closed',
    'textPayload=~"("',
    'severity=LOUD',
    'nonsense("x")',
    'log_id()',
    'ip_in_net(a, "nowhere")',
    'a:(b',
  ])('refuses %s', (filter) => {
    expect(() => compileFilter(filter)).toThrow('Unparseable filter');
  });
});
