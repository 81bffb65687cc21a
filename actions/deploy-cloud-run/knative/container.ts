import type { Container, EnvVar, Probe, SecretReference } from '../api/resources.ts';
import { nothing, type Reader } from './reader.ts';

/** Full names of secrets by the aliases that stand for them in a file (the annotation run.googleapis.com/secrets). */
export type Aliases = ReadonlyMap<string, string>;

/** A container of Knative's serving API as the API v2 has it (https://cloud.google.com/run/docs/reference/rest/v1/Container). */
export function readContainer(container: Reader, aliases: Aliases): Container {
  return container.object<Container>({
    name: (value) => ({ name: value.text() }),
    image: (value) => ({ image: value.text() }),
    command: (value) => ({ command: value.list((item) => item.text()) }),
    args: (value) => ({ args: value.list((item) => item.text()) }),
    workingDir: (value) => ({ workingDir: value.text() }),
    env: (value) => ({ env: value.list((item) => readVariable(item, aliases)) }),
    ports: (value) => ({
      ports: value.list((item) =>
        item.object<NonNullable<Container['ports']>[number]>({
          name: (name) => ({ name: name.text() }),
          containerPort: (port) => ({ containerPort: port.number() }),
          protocol: (protocol) => protocol.word({ TCP: undefined }),
        }),
      ),
    }),
    resources: (value) => ({
      resources: value.object<NonNullable<Container['resources']>>({
        limits: (limits) => ({
          limits: Object.fromEntries(limits.map().map(([name, amount]) => [name, amount.text()])),
        }),
        // Cloud Run takes requests in, and does nothing with them.
        requests: nothing,
      }),
    }),
    volumeMounts: (value) => ({
      volumeMounts: value.list((item) =>
        item.object<NonNullable<Container['volumeMounts']>[number]>({
          name: (name) => ({ name: name.text() }),
          mountPath: (path) => ({ mountPath: path.text() }),
          subPath: (path) => ({ subPath: path.text() }),
          readOnly: nothing,
        }),
      ),
    }),
    startupProbe: (value) => ({ startupProbe: readProbe(value) }),
    livenessProbe: (value) => ({ livenessProbe: readProbe(value) }),
    readinessProbe: (value) => ({ readinessProbe: readProbe(value) }),
    sandboxLauncher: (value) => ({ sandboxLauncher: value.boolean() }),
    // Cloud Run pulls by digest, once, and keeps no message of a container's end: these say nothing there.
    imagePullPolicy: (value) => value.word({ Always: undefined, IfNotPresent: undefined, Never: undefined }),
    terminationMessagePath: nothing,
    terminationMessagePolicy: nothing,
  });
}

function readVariable(variable: Reader, aliases: Aliases): EnvVar {
  return variable.object<EnvVar>({
    name: (name) => ({ name: name.text() }),
    value: (value) => ({ value: value.text() }),
    valueFrom: (from) =>
      from.object<EnvVar>({
        secretKeyRef: (reference) => {
          const { secret, ...version } = reference.object<SecretReference>({
            name: (name) => ({ secret: name.text() }),
            key: (key) => ({ version: key.text() }),
          });
          return { valueSource: { secretKeyRef: { secret: aliases.get(secret) ?? secret, ...version } } };
        },
      }),
  });
}

function readProbe(probe: Reader): Probe {
  const port = (value: Reader) => ({ port: value.number() });
  return probe.object<Probe>({
    initialDelaySeconds: (value) => ({ initialDelaySeconds: value.number() }),
    timeoutSeconds: (value) => ({ timeoutSeconds: value.number() }),
    periodSeconds: (value) => ({ periodSeconds: value.number() }),
    failureThreshold: (value) => ({ failureThreshold: value.number() }),
    successThreshold: (value) => {
      if (value.number() !== 1) throw value.wrong('Cloud Run takes 1 alone');
      return undefined;
    },
    httpGet: (action) => ({
      httpGet: action.object<NonNullable<Probe['httpGet']>>({
        path: (path) => ({ path: path.text() }),
        port,
        httpHeaders: (headers) => ({
          httpHeaders: headers.list((header) =>
            header.object<{ name: string; value?: string }>({
              name: (name) => ({ name: name.text() }),
              value: (value) => ({ value: value.text() }),
            }),
          ),
        }),
      }),
    }),
    tcpSocket: (action) => ({ tcpSocket: action.object<{ port?: number }>({ port }) }),
    grpc: (action) => ({
      grpc: action.object<{ port?: number; service?: string }>({
        port,
        service: (service) => ({ service: service.text() }),
      }),
    }),
  });
}
