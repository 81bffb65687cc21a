import { describe, expect, it } from 'vitest';
import { readDescription } from './read.ts';

const service = (spec: string, annotations = '') => `apiVersion: serving.knative.dev/v1
kind: Service
metadata: { name: s${annotations && `, annotations: { ${annotations} }`} }
spec:
  template:
${spec.replace(/^/gm, '    ')}
`;

function template(text: string) {
  const read = readDescription('s.yaml', text);
  return read.kind === 'service' ? read.service.template : undefined;
}

describe('readDescription', () => {
  it('reads secrets of other projects by their aliases, in variables and in volumes', () => {
    const text =
      service(`metadata: { annotations: { run.googleapis.com/secrets: 'a:projects/other/secrets/x' } }
spec:
  containers:
    - image: i
      env: [{ name: K, valueFrom: { secretKeyRef: { name: a, key: latest } } }]
      volumeMounts: [{ name: v, mountPath: /s }]
  volumes:
    - name: v
      secret: { secretName: a, items: [{ key: '3', path: k, mode: 256 }] }
    - name: b
      csi: { driver: gcsfuse.run.googleapis.com, readOnly: true, volumeAttributes: { bucketName: bucket, mountOptions: 'a,b' } }`);
    expect(template(text)).toEqual({
      containers: [
        {
          image: 'i',
          env: [
            {
              name: 'K',
              valueSource: { secretKeyRef: { secret: 'projects/other/secrets/x', version: 'latest' } },
            },
          ],
          volumeMounts: [{ name: 'v', mountPath: '/s' }],
        },
      ],
      volumes: [
        {
          name: 'v',
          secret: { secret: 'projects/other/secrets/x', items: [{ version: '3', path: 'k', mode: 256 }] },
        },
        { name: 'b', gcs: { readOnly: true, bucket: 'bucket', mountOptions: ['a', 'b'] } },
      ],
    });
  });

  it('reads the network, the key and the accelerator', () => {
    const text = service(`metadata:
  name: s-v1
  annotations:
    run.googleapis.com/network-interfaces: '[{"network":"n","subnetwork":"s","tags":"a, b"}]'
    run.googleapis.com/vpc-access-egress: all-traffic
    run.googleapis.com/encryption-key: key
    run.googleapis.com/encryption-key-shutdown-hours: '2'
    run.googleapis.com/post-key-revocation-action-type: shut-down
    run.googleapis.com/sessionAffinity: 'true'
spec:
  nodeSelector: { run.googleapis.com/accelerator: nvidia-l4 }
  containers: [{ image: i, resources: { limits: { nvidia.com/gpu: '1' } }, ports: [] }]`);
    expect(template(text)).toEqual({
      revision: 's-v1',
      encryptionKey: 'key',
      encryptionKeyShutdownDuration: '7200s',
      encryptionKeyRevocationAction: 'SHUTDOWN',
      sessionAffinity: true,
      nodeSelector: { accelerator: 'nvidia-l4' },
      vpcAccess: {
        egress: 'ALL_TRAFFIC',
        networkInterfaces: [{ network: 'n', subnetwork: 's', tags: ['a', 'b'] }],
      },
      containers: [
        { image: 'i', resources: { limits: { 'nvidia.com/gpu': '1' }, cpuIdle: false }, ports: [] },
      ],
    });
  });

  it('reads what Google leaves out as nothing', () => {
    const text = service(
      "spec: { containers: [{ image: i }], volumes: [{ name: v, emptyDir: { medium: '' } }] }",
    );
    expect(template(text)?.volumes).toEqual([{ name: 'v', emptyDir: {} }]);
  });

  it('reads what services say by annotations', () => {
    const text = service(
      'spec: { containers: [{ image: i }] }',
      "run.googleapis.com/custom-audiences: '[\"a\"]', run.googleapis.com/maxScale: '3', run.googleapis.com/scalingMode: automatic, run.googleapis.com/binary-authorization: default, run.googleapis.com/launch-stage: BETA",
    );
    const read = readDescription('s.yaml', text);
    expect(read).toMatchObject({
      kind: 'service',
      name: 's',
      service: {
        customAudiences: ['a'],
        scaling: { maxInstanceCount: 3, scalingMode: 'AUTOMATIC' },
        binaryAuthorization: { useDefault: true },
        launchStage: 'BETA',
      },
    });
  });

  it.each([
    [
      'traffic to nobody',
      `${service('spec: { containers: [{ image: i }] }')}  traffic: [{ percent: 100 }]\n`,
      's.yaml:7 (spec.traffic[0]): it names no revision',
    ],
    [
      'JSON that is none',
      service("metadata: { annotations: { run.googleapis.com/container-dependencies: '{' } }"),
      'JSON is needed here',
    ],
    [
      'a number that is none',
      service('spec: { timeoutSeconds: soon }'),
      's.yaml:6 (spec.template.spec.timeoutSeconds): a whole number is needed here',
    ],
    [
      'a number as a text, whose value it does not tell',
      service('spec: { containers: [{ image: i, env: [{ name: A, value: 123456 }] }] }'),
      's.yaml:6 (spec.template.spec.containers[0].env[0].value): a string is needed here.',
    ],
    ['aliases in a circle', service('spec: &a { <<: *a }'), 'aliases that lead to each other'],
    [
      'aliases without end',
      service(
        `spec:\n  x0: &x0 { a: 1 }\n${Array.from({ length: 12 }, (_, n) => `  x${n + 1}: &x${n + 1} { <<: [${`*x${n}, `.repeat(9)}*x${n}] }`).join('\n')}\n  <<: *x12`,
      ),
      'too many of them',
    ],
    ...[
      "container-dependencies: '{ap: [side]}'",
      "container-dependencies: '{app: [sid]}'",
      'base-images: \'{"ap": "python312"}\'',
    ].map((annotation): [string, string, RegExp] => [
      annotation,
      service(
        `metadata: { annotations: { run.googleapis.com/${annotation} } }\nspec: { containers: [{ name: app }, { name: side }] }`,
      ),
      /^s\.yaml:6 \(spec\.template\.metadata\.annotations\.run\.googleapis\.com\/[a-z-]+\): there is no container "(ap|sid)"\.$/,
    ]),
    ['another API', 'apiVersion: apps/v1\nkind: Service\n', '"apps/v1" is none of serving.knative.dev/v1'],
    ['nothing', '', 's.yaml: an object is needed here'],
  ])('refuses %s', (_, text, message) => {
    expect(() => readDescription('s.yaml', text)).toThrow(message);
  });
});
