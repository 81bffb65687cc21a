import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readDescription } from '../../actions/deploy-cloud-run/knative/read.ts';
import { gcloudReads } from '../helpers/gcloud/gcloud-reader.ts';
import { hasGcloud } from '../helpers/gcloud/gcloud-run.ts';

// some tests need: gcloud

const CONTAINER = { image: 'us-docker.pkg.dev/cloudrun/container/hello' };

/** A service whose container says a line more, indented as the fields of a container are. */
function containerWith(lines: string): string {
  return `apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: hello
spec:
  template:
    spec:
      containers:
      - image: ${CONTAINER.image}
${lines.replace(/^/gm, '        ')}
      volumes:
      - name: empty
        emptyDir: {}
`;
}

function revisionWith(annotations: string): string {
  return `apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: hello
spec:
  template:
    metadata:
      annotations:
${annotations.replace(/^/gm, '        ')}
    spec:
      containers:
      - name: app
        image: ${CONTAINER.image}
        ports: [{ containerPort: 8080 }]
      - name: collector
        image: ${CONTAINER.image}
`;
}

function serviceWith(lines: string): string {
  return `apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: hello
${lines.replace(/^/gm, '  ')}
spec: { template: { spec: { containers: [{ image: ${CONTAINER.image} }] } } }
`;
}

function jobWith(lines: string): string {
  return `apiVersion: run.googleapis.com/v1
kind: Job
metadata: { name: batch }
spec:
  template:
    spec:
      template:
        spec:
          containers: [{ image: ${CONTAINER.image} }]
${lines.replace(/^/gm, '          ')}
`;
}

/** Scalars of the type repository of YAML 1.1 (https://yaml.org/type/): null, bool, int, float, timestamp, merge. */
const SCALARS = [
  ...['~', 'null', 'Null', '', '"null"'],
  ...['y', 'Y', 'yes', 'No', 'TRUE', 'on', 'Off', 'n', 'tRue', "'true'"],
  ...[
    '685230',
    '+685_230',
    '02472256',
    '0x_0A_74_AE',
    '0b1010_0111_0100_1010_1110',
    '190:20:30',
    '0444',
    '08',
  ],
  ...['6.8523015e+5', '685.230_15e+03', '685_230.15', '190:20:30.15', '-.inf', '.NaN', '1e3', '8080.0', '1.'],
  ...['2001-12-14t21:59:43.10-05:00', '2002-12-14', '2001-12-14 21:59:43.10 -5'],
  ...[
    '"1"',
    "'0444'",
    '0o444',
    '!!str 1',
    '!!int "3"',
    '-1',
    '1:60',
    '12:30:45',
    'a: b',
    '"\\u0041"',
    '|\n  two\n  lines\n',
  ],
];

const FILES: readonly string[] = [
  // Each scalar where a text, a number and a truth value are wanted.
  ...SCALARS.filter((scalar) => !scalar.includes('\n') && scalar !== 'a: b').flatMap((scalar) => [
    containerWith(`env:\n- name: A\n  value: ${scalar}`),
    containerWith(`ports: [{ containerPort: ${scalar || '~'} }]`),
    serviceWith(`labels:\n  a: ${scalar}`),
  ]),
  containerWith('env:\n- name: A\n  value: |\n    two\n    lines'),
  containerWith('env:\n- name: A\n  value: >-\n    folded\n    text'),
  // Modes of secrets, as Google's pages write them.
  ...['0444', '0400', '256', '0x1A4', '"0444"', '444', '0o444'].map(
    (mode) => `${containerWith('volumeMounts: [{ name: s, mountPath: /s }]')}      - name: s
        secret:
          secretName: db
          defaultMode: ${mode}
          items: [{ key: latest, path: p, mode: ${mode} }]
`,
  ),
  // Aliases and merge keys.
  containerWith(
    'startupProbe: &probe\n  httpGet: &get { path: /ready, port: 8080 }\n  periodSeconds: 5\nlivenessProbe:\n  <<: *probe\n  periodSeconds: 30',
  ),
  containerWith(
    'livenessProbe:\n  httpGet: { path: /live }\n  <<: [{ periodSeconds: 5 }, { periodSeconds: 9, timeoutSeconds: 2 }]',
  ),
  containerWith('env:\n- &e { name: A, value: "1" }\n- <<: *e\n  name: B'),
  containerWith('env: [{ name: A, "<<": b }]'),
  containerWith('livenessProbe: { <<: 3 }'),
  containerWith('livenessProbe: *nowhere'),
  // Numbers where texts are wanted.
  ...['cpu: 1', 'cpu: "1"', 'cpu: 1000m', 'memory: 512Mi', 'memory: 536870912', 'nvidia.com/gpu: 1'].map(
    (limit) => containerWith(`resources: { limits: { ${limit} } }`),
  ),
  containerWith('command: [python, -m, 8080]'),
  containerWith('args: ["8080", yes]'),
  containerWith("args: ['--port', '8080']"),
  // Fields that are null, and that are unknown.
  containerWith('args:\nenv: ~'),
  containerWith('imgae: x'),
  // What the pages of Google's documentation show.
  containerWith(
    'readinessProbe: { httpGet: { path: /ready, port: 8080 }, periodSeconds: 5, successThreshold: 1 }',
  ),
  containerWith('imagePullPolicy: Always'),
  containerWith('livenessProbe: { grpc: { port: 50051, service: health } }'),
  containerWith('ports: [{ name: h2c, containerPort: "8080" }]'),
  containerWith('env: [{ name: K, valueFrom: { secretKeyRef: { name: db, key: "3" } } }]'),
  containerWith('env: [{ name: K, valueFrom: { secretKeyRef: { name: db, key: 3 } } }]'),
  `${containerWith('volumeMounts: [{ name: b, mountPath: /b }]')}      - name: b
        csi:
          driver: gcsfuse.run.googleapis.com
          readOnly: true
          volumeAttributes: { bucketName: my-bucket, mountOptions: 'implicit-dirs,uid=1000' }
      - name: n
        nfs: { server: 10.0.0.2, path: /share, readOnly: false }
      - name: m
        emptyDir: { medium: Memory, sizeLimit: 512Mi }
`,
  revisionWith('run.googleapis.com/container-dependencies: \'{"app":["collector"]}\''),
  revisionWith('run.googleapis.com/container-dependencies: "{app: [collector]}"'),
  revisionWith(
    'run.googleapis.com/vpc-access-connector: my-connector\nrun.googleapis.com/vpc-access-egress: all',
  ),
  revisionWith("autoscaling.knative.dev/maxScale: '5'\nautoscaling.knative.dev/minScale: '1'"),
  revisionWith('autoscaling.knative.dev/maxScale: 5'),
  revisionWith("run.googleapis.com/cpu-throttling: 'false'\nrun.googleapis.com/startup-cpu-boost: 'true'"),
  revisionWith('run.googleapis.com/cpu-throttling: false'),
  serviceWith("annotations:\n  run.googleapis.com/minScale: '1'\n  run.googleapis.com/maxScale: '9'"),
  serviceWith(
    'namespace: 123456789012\nannotations:\n  run.googleapis.com/custom-audiences: \'["https://a.example.com"]\'',
  ),
  serviceWith(
    'annotations:\n  run.googleapis.com/base-images: \'{"":"python312"}\'\n  run.googleapis.com/build-id: \'1\'',
  ),
  jobWith('maxRetries: 3\ntimeoutSeconds: 600'),
  jobWith("timeoutSeconds: '600'"),
  jobWith('maxRetries: three'),
  jobWith('serviceAccountName: a@p.iam.gserviceaccount.com'),
];

function ours(text: string): unknown {
  try {
    const { wrong: _, ...read } = readDescription('service.yaml', text);
    return read;
  } catch {
    return undefined;
  }
}

describe.skipIf(!hasGcloud)("service files, and gcloud's own reader", () => {
  it(`read the same in ${FILES.length} files, and refuse the same`, async () => {
    const theirs = await gcloudReads(FILES);
    const different = FILES.flatMap((text, index) => {
      const reading = theirs[index] ?? { error: 'nothing' };
      // What gcloud read is JSON, which leaves nothing open.
      const wanted = 'read' in reading ? ours(JSON.stringify(reading.read)) : undefined;
      const read = ours(text);
      const isSame = isDeepStrictEqual(read, wanted);
      return isSame ? [] : [{ text, gcloud: JSON.stringify(reading), read: JSON.stringify(read) }];
    });
    expect(different).toEqual([]);
  });

  it('refuses a field that is there twice, of which gcloud silently takes the first', () => {
    expect(() => readDescription('s.yaml', containerWith('workingDir: /a\nworkingDir: /b'))).toThrow(
      /s\.yaml:11: Map keys must be unique/,
    );
  });
});
