import { describe, expect, it } from 'vitest';
import { isLoopback, schemeOf } from './loopback.ts';

describe('loopback', () => {
  it.each(['127.0.0.1', '127.9.9.9:80', 'localhost:8080', '[::1]', '[::1]:443'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(schemeOf(host)).toBe('http');
  });
  it.each(['128.0.0.1', 'localhost.example.com', '127.0.0.1.nip.io:80', 'my-localhost', '0.0.0.0'])(
    'is not %s',
    (host) => {
      expect(isLoopback(host)).toBe(false);
      expect(schemeOf(host)).toBe('https');
    },
  );
});
