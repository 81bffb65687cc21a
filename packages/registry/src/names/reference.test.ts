import { expect, it } from 'vitest';
import { parseReference } from './reference.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;

it.each([
  ['node', 'registry-1.docker.io', 'library/node', 'latest', undefined],
  ['node:24-slim', 'registry-1.docker.io', 'library/node', '24-slim', undefined],
  ['docker.io/grafana/k6', 'registry-1.docker.io', 'grafana/k6', 'latest', undefined],
  [`node@${DIGEST}`, 'registry-1.docker.io', 'library/node', '', DIGEST],
  [`gcr.io/distroless/static:nonroot@${DIGEST}`, 'gcr.io', 'distroless/static', 'nonroot', DIGEST],
  ['localhost:5000/a', 'localhost:5000', 'a', 'latest', undefined],
  ['127.0.0.1:5000/a/b:c', '127.0.0.1:5000', 'a/b', 'c', undefined],
  ['localhost/a', 'localhost', 'a', 'latest', undefined],
])('%s', (text, host, path, tag, digest) =>
  expect(parseReference(text)).toEqual({ host, path, tag, digest }),
);

it.each(['', 'Node', 'a:', 'a@sha256:0', 'a/', '/a', 'a b'])('%j is none', (text) =>
  expect(parseReference(text)).toBeUndefined(),
);
