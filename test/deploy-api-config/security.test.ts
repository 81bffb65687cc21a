import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayJob, startGatewayJob } from '../helpers/gateway-job.ts';

/** A document whose `security` starts at its sixth line. */
function written(security: string): string {
  return `openapi: 3.0.3
info: {title: Web, version: '1'}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: x-api-key}
${security}
paths:
  /:
    get:
      operationId: root
      responses: {'200': {description: ok}}
`;
}

describe('deploy-api-config, given a security', () => {
  let gateway: GatewayJob;
  beforeAll(async () => {
    gateway = await startGatewayJob();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each([
    ['names', 'security:\n  - key', 'security-form', 7],
    ['an object', 'security:\n  key: []', 'security-form', 6],
    ['null', 'security:\n  -', 'security-form', 7],
    ['nothing', 'security:', 'security-form', 6],
    ['a list in a list', 'security:\n  - - key', 'security-form', 7],
    ['a scheme without a list', 'security:\n  - key:', 'security-form', 7],
    ['a set', 'security:\n  - !!set {key}', 'syntax', 7],
    ['another name', 'Security:\n  - key: []', 'security-misspelled', 6],
    ['a letter of another alphabet', 'sеcurity:\n  - key: []', 'security-misspelled', 6],
    ['two of them', 'x: &s security\nsecurity: [{key: []}]\n*s : []', 'duplicate-key', 8],
  ])('as %s, refuses it at its line before any request', async (_, security, code, line) => {
    let annotations: Awaited<ReturnType<GatewayJob['deploy']>>['annotations'] = [];
    const requests = await gateway.job.requests(async () => {
      ({ annotations } = await gateway.deploy(written(security), { spec: 'api.yaml' }, { fails: true }));
    });
    expect(requests).toEqual([]);
    expect(annotations).toContainEqual(
      expect.objectContaining({
        level: 'error',
        properties: expect.objectContaining({ title: code, file: 'api.yaml', line: String(line) }),
      }),
    );
    expect(annotations.at(-1)?.message).toContain("API Gateway can't serve api.yaml");
  });

  it('as it should be, serves nobody without a key', async () => {
    const { outputs } = await gateway.deploy(written('security:\n  - key: []'), { spec: 'api.yaml' });
    const { status } = await fetch(`${outputs.url}/`);
    expect(status).toBe(401);
  });
});
