import { describe, expect, it } from 'vitest';
import { APIS } from '../../google/discovery/apis.ts';
import { ApiError } from '../errors.ts';
import { readRequest } from './read.ts';

const SERVICES = '/v2/projects/p/locations/l/services';

describe('a request', () => {
  it('is read with names in either case, enums by number, numbers as text, and without what is output only', () => {
    const read = readRequest(
      method('run', 'POST', SERVICES),
      new URLSearchParams('service_id=web&validateOnly=True&$alt=json;enum-encoding=int'),
      Buffer.from(
        JSON.stringify({
          ingress: 3,
          launch_stage: 4,
          generation: '7',
          uid: 'mine',
          description: null,
          template: {
            max_instance_request_concurrency: '80',
            containers: { image: 'i', ports: [{ container_port: 8080.0 }] },
          },
        }),
      ),
    );
    expect(Object.fromEntries(read.query)).toEqual({
      serviceId: 'web',
      validateOnly: 'true',
      $alt: 'json;enum-encoding=int',
    });
    expect(JSON.parse(read.body.toString())).toEqual({
      ingress: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
      launchStage: 'GA',
      template: {
        maxInstanceRequestConcurrency: 80,
        containers: [{ image: 'i', ports: [{ containerPort: 8080 }] }],
      },
    });
  });

  it('has the paths of its mask as JSON names the fields, and keys of maps as they are', () => {
    const { query } = readRequest(
      method('run', 'PATCH', `${SERVICES}/s`),
      new URLSearchParams({ update_mask: 'template.service_account,labels.my_key,launchStage' }),
      Buffer.from('{}'),
    );
    expect(query.get('updateMask')).toBe('template.serviceAccount,labels.my_key,launchStage');
  });
});

describe('what is required', () => {
  const asked = (verb: string, path: string, body: unknown, query = '', api = 'run') =>
    readRequest(
      method(api, verb, path),
      new URLSearchParams(query),
      Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    );
  const refused = (...given: Parameters<typeof asked>) => {
    try {
      asked(...given).demand();
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
    return undefined;
  };
  const container = { image: 'i' };

  it.each<[what: string, given: Parameters<typeof asked>, message: string]>([
    [
      'nothing at all',
      ['POST', SERVICES, undefined],
      'Violation in CreateServiceRequest.service.template: required field not present.',
    ],
    [
      'no image of a container',
      ['POST', SERVICES, { template: { containers: [container, { image: '' }] } }],
      'Violation in CreateServiceRequest.service.template.containers[1].image: required field not present.',
    ],
    [
      'no name of a variable, of a job',
      [
        'POST',
        SERVICES.replace('services', 'jobs'),
        { template: { template: { containers: [{ ...container, env: [{ value: 'x' }] }] } } },
      ],
      'Violation in CreateJobRequest.job.template.template.containers[0].env[0].name: required field not present.',
    ],
    [
      'no template of a replacement',
      ['PATCH', `${SERVICES}/s`, { labels: { a: 'b' } }],
      'Violation in UpdateServiceRequest.service.template: required field not present.',
    ],
    [
      'no image of what the mask covers',
      ['PATCH', `${SERVICES}/s`, { template: { containers: [{}] } }, 'updateMask=labels,template.containers'],
      'Violation in UpdateServiceRequest.service.template.containers[0].image: required field not present.',
    ],
  ])('is missed by Cloud Run: %s', (_, given, message) => {
    expect(refused(...given)?.message).toBe(message);
  });

  it.each<[what: string, given: Parameters<typeof asked>, fields: string[]]>([
    ['policy', ['POST', '/v1/projects/p:setIamPolicy', {}, '', 'cloudresourcemanager'], ['policy']],
    [
      'permissions',
      ['POST', '/v1/projects/p:testIamPermissions', { permissions: [] }, '', 'cloudresourcemanager'],
      ['permissions'],
    ],
    [
      'parameter and field of a gateway',
      ['POST', '/v1/projects/p/locations/l/gateways', {}, '', 'apigateway'],
      ['gateway_id', 'gateway.api_config'],
    ],
    [
      'mask',
      ['PATCH', '/v1/projects/p/secrets/s', { labels: { a: 'b' } }, '', 'secretmanager'],
      ['update_mask'],
    ],
    [
      'places of a secret',
      [
        'POST',
        '/v1/projects/p/secrets',
        { replication: { userManaged: { replicas: [] } } },
        'secretId=s',
        'secretmanager',
      ],
      ['secret.replication.user_managed.replicas'],
    ],
  ])('is missed by others in their details: a %s', (_, given, fields) => {
    const description = 'Field is required';
    expect(refused(...given)?.body.error).toMatchObject({
      status: 'INVALID_ARGUMENT',
      details: [{ fieldViolations: fields.map((field) => ({ field, description })) }],
    });
  });

  it.each<[what: string, given: Parameters<typeof asked>]>([
    ['what is there', ['POST', SERVICES, { template: { containers: [container] } }]],
    ['what the mask leaves out', ['PATCH', `${SERVICES}/s`, { labels: { a: 'b' } }, 'updateMask=labels']],
    [
      'what is within what the mask clears a part of',
      ['PATCH', `${SERVICES}/s`, {}, 'updateMask=template.timeout'],
    ],
    [
      'what Google does not miss',
      [
        'POST',
        '/v2/entries:write',
        { logName: 'l', resource: { type: 'global' }, entries: [{}] },
        '',
        'logging',
      ],
    ],
    ['what a GET has no body for', ['GET', `${SERVICES}/s`, undefined]],
  ])('is not missed: %s', (_, given) => {
    expect(refused(...given)).toBeUndefined();
  });
});

it.each([
  ['secretmanager', '/v1/projects/p/secrets/s', 'labels,replication', 'replication'],
  ['apigateway', '/v1/projects/p/locations/global/apis/a', 'managed_service', 'managed_service'],
  ['iam', '/v1/projects/p/locations/global/workloadIdentityPools/p', 'mode', 'mode'],
])('a mask of %s does not name what only a create may set', (api, path, mask, field) => {
  expect(() =>
    readRequest(method(api, 'PATCH', path), new URLSearchParams({ updateMask: mask }), Buffer.from('{}')),
  ).toThrow(`Field '${field}' is immutable and cannot be updated.`);
});

describe('what is refused', () => {
  const unknown = (name: string, at: string, why: string) =>
    `Invalid JSON payload received. Unknown name "${name}"${at}: ${why}`;

  it.each<[what: string, body: unknown, field: string | undefined, description: string]>([
    ['no object', [], undefined, unknown('', '', 'Root element must be a message.')],
    ['a text', 'x', undefined, unknown('', '', 'Root element must be a message.')],
    ['an unknown field', { nope: 1 }, 'service', unknown('nope', " at 'service'", 'Cannot find field.')],
    [
      'an unknown field within a list',
      { template: { containers: [{ imag: 'i' }] } },
      'service.template.containers[0]',
      unknown('imag', " at 'service.template.containers[0]'", 'Cannot find field.'),
    ],
    [
      'a number for a text',
      { description: 1 },
      'service.description',
      "Invalid value at 'service.description' (TYPE_STRING), 1",
    ],
    [
      'a text for a flag',
      { iapEnabled: 'maybe' },
      'service.iap_enabled',
      `Invalid value at 'service.iap_enabled' (TYPE_BOOL), "maybe"`,
    ],
    [
      'a fraction',
      { template: { maxInstanceRequestConcurrency: 1.5 } },
      'service.template.max_instance_request_concurrency',
      "Invalid value at 'service.template.max_instance_request_concurrency' (TYPE_INT32), 1.5",
    ],
    [
      'an unknown value of an enum',
      { ingress: 'ALL' },
      'service.ingress',
      `Invalid value at 'service.ingress' (type.googleapis.com/google.cloud.run.v2.IngressTraffic), "ALL"`,
    ],
    [
      'a number of no value',
      { ingress: 99 },
      'service.ingress',
      "Invalid value at 'service.ingress' (type.googleapis.com/google.cloud.run.v2.IngressTraffic), 99",
    ],
    [
      'a text for a message',
      { template: 'x' },
      'service.template',
      `Invalid value at 'service.template' (type.googleapis.com/google.cloud.run.v2.RevisionTemplate), "x"`,
    ],
    [
      'a message for a text',
      { description: {} },
      'service',
      "Invalid value at 'service' (description), Starting an object on a scalar field",
    ],
    [
      'a list for a text',
      { description: ['a'] },
      'service',
      unknown('description', " at 'service'", 'Proto field is not repeating, cannot start list.'),
    ],
    [
      'a list for a map',
      { labels: ['a'] },
      'service',
      unknown('labels', " at 'service'", "Cannot bind a list to map for field 'labels'."),
    ],
    [
      'a number in a map of texts',
      { labels: { a: 1 } },
      'service.labels[0].value',
      "Invalid value at 'service.labels[0].value' (TYPE_STRING), 1",
    ],
    [
      'a duration without a unit',
      { template: { timeout: '300' } },
      'service.template.timeout',
      "Invalid value at 'service.template.timeout' (type.googleapis.com/google.protobuf.Duration), Field 'timeout', Illegal duration format; duration must end with 's'",
    ],
    [
      'two of a oneof',
      { template: { containers: [{ image: 'i', startupProbe: { httpGet: {}, tcpSocket: {} } }] } },
      'service.template.containers[0].startup_probe',
      "Invalid value at 'service.template.containers[0].startup_probe' (oneof), oneof field 'probe_type' is already set. Cannot set 'tcpSocket'",
    ],
  ])('%s', (_, body, field, description) => {
    expect(refusal('run', 'POST', SERVICES, '', JSON.stringify(body))).toEqual({
      error: {
        code: 400,
        message: description,
        status: 'INVALID_ARGUMENT',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [{ ...(field && { field }), description }],
          },
        ],
      },
    });
  });

  it.each([
    ['validateOnly=maybe', `Invalid value at 'validate_only' (TYPE_BOOL), "maybe"`],
    [
      'nope=1',
      unknown('nope', '', "Cannot bind query parameter. Field 'nope' could not be found in request message."),
    ],
  ])('the query %s', (query, message) => {
    expect(refusal('run', 'POST', SERVICES, query, '{}')).toMatchObject({ error: { message } });
  });

  it.each([
    ['{"a": nope}', 'Expected a value.\n{"a": nope}\n      ^'],
    ['{"a": ', 'Unexpected end of string. Expected a value.\n{"a":\n     ^'],
    ['{"a": }', 'Unexpected token.\n{"a": }\n      ^'],
    ['{"a" 1}', 'Expected : between key:value pair.\n{"a" 1}\n     ^'],
    ['{"a": [1 2]}', 'Expected , or ] after array value.\n{"a": [1 2]}\n         ^'],
    [
      '{"a": 1, "b": 2 "c": 3, "d": 4, "e": 5}',
      'Expected , or } after key:value pair.\n{"a": 1, "b": 2 "c": 3, "d": 4, "e":\n                ^',
    ],
    ['{} x', 'Parsing terminated before end of input.\n{} x\n   ^'],
    ["{'a': 1}", "Expected an object key or }.\n{'a': 1}\n ^"],
  ])('text that is no JSON: %s', (text, message) => {
    expect(refusal('run', 'POST', SERVICES, '', text)).toMatchObject({
      error: { status: 'INVALID_ARGUMENT', message: `Invalid JSON payload received. ${message}` },
    });
  });

  it('every violation at once', () => {
    expect(
      refusal('apigateway', 'POST', '/v1/projects/p/locations/l/gateways', 'x=1', '{"y":1}'),
    ).toMatchObject({
      error: { details: [{ fieldViolations: [{}, { field: 'gateway' }] }] },
    });
  });
});

function method(api: string, verb: string, path: string) {
  const found = APIS.filter(({ host }) => host === `${api}.googleapis.com`)
    .map((one) => one.method(verb, path))
    .find((one) => one !== undefined);
  if (!found) throw new Error(`${api} has no ${verb} ${path}`);
  return found;
}

function refusal(api: string, verb: string, path: string, query: string, body: string): unknown {
  try {
    readRequest(method(api, verb, path), new URLSearchParams(query), Buffer.from(body));
  } catch (error) {
    if (error instanceof ApiError) return error.body;
    throw error;
  }
  return undefined;
}
