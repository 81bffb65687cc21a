import { expect, it } from 'vitest';
import { addressOf, listenerOf } from './listener.ts';
import type { MachineService } from './machine.ts';

type Ports = NonNullable<MachineService['ports']>;
const HTTP: Ports = [
  { port: 80, handlers: ['http'] },
  { port: 443, handlers: ['tls', 'http'] },
];

it.each<[string | undefined, Ports, string?]>([
  ['https://hello.fly.dev', HTTP],
  ['http://hello.fly.dev', [{ port: 80, handlers: ['http'] }]],
  ['https://hello.fly.dev:8443', [{ port: 8443, handlers: ['http', 'tls'] }]],
  ['http://hello.fly.dev:8080', [{ port: 9000 }, { port: 8080, handlers: ['http'] }]],
  ['tls://hello.fly.dev:6380', [{ port: 6380, handlers: ['tls'] }]],
  ['tls://hello.fly.dev:5432', [{ port: 5432, handlers: ['pg_tls'] }]],
  ['tcp://hello.fly.dev:5432', [{ port: 5433 }, { port: 5432, handlers: [] }]],
  ['tcp://hello.fly.dev:10000', [{ start_port: 10_000 }]],
  [undefined, [{ port: 53 }], 'udp'],
  [undefined, []],
])('is asked at %s', (expected, ports, protocol = 'tcp') => {
  const listener = listenerOf([{ id: '1', config: { services: [{ protocol, ports }] } }]);
  expect(listener && addressOf('hello', listener)).toBe(expected);
});
