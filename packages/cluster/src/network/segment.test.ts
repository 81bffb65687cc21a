import { describe, expect, it } from 'vitest';
import { freeSegment } from './segment.ts';

describe('the addresses of a cluster', () => {
  it('are all in one network, apart from each other', () => {
    const { machine, cloud, node, services, kubernetes, pods } = freeSegment(['127.0.0.1/8', '::1/128']);
    const start = /^198\.1[89]\.(\d+)\.1$/.exec(machine)?.[1];
    expect(Number(start) % 4).toBe(0);
    const prefix = machine.replace(/\d+\.\d+$/, '');
    expect({ cloud, node, services, kubernetes, pods }).toEqual({
      node: `${prefix}${start}.2`,
      cloud: `${prefix}${start}.3`,
      services: `${prefix}${Number(start) + 1}.0/24`,
      kubernetes: `${prefix}${Number(start) + 1}.1`,
      pods: `${prefix}${Number(start) + 2}.0/23`,
    });
  });

  it('are not those of an interface, be its network wide or narrow', () => {
    const others = Array.from({ length: 63 }, (_, index) => `198.19.${(index + 1) * 4 + 2}.9/24`);
    expect(freeSegment(['198.18.0.1/16', ...others]).machine).toBe('198.19.0.1');
  });

  it('are told to have run out', () => {
    expect(() => freeSegment(['198.18.0.1/15'])).toThrow('198.18.0.0/15');
  });
});
