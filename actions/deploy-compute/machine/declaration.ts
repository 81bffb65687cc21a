import { ActionError, counted } from '@gangway/action';
import { anything, fields, flag, list, type Reader, readValue, text } from '@gangway/http';
import { parse } from 'yaml';
import type { Container } from './container.ts';

/** The metadata key of Google's container startup agent, which is deprecated. */
export const DECLARATION_KEY = 'gce-container-declaration';

interface Mount {
  readonly name?: string;
  readonly mountPath?: string;
  readonly readOnly?: boolean;
}

interface Declared {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name?: string; readonly value?: unknown }[];
  readonly volumeMounts?: readonly Mount[];
  readonly securityContext?: { readonly privileged?: boolean };
  readonly stdin?: boolean;
  readonly tty?: boolean;
}

interface Volume {
  readonly name?: string;
  readonly hostPath?: { readonly path?: string };
}

interface Spec {
  readonly containers?: readonly Declared[];
  readonly volumes?: readonly Volume[];
  readonly restartPolicy?: string;
}

const TEXTS = list(text);
const MOUNT = fields<Mount>({ name: text, mountPath: text, readOnly: flag });
const VARIABLE = fields<NonNullable<Declared['env']>[number]>({
  name: text,
  value: anything as Reader<object>,
});
const DECLARED = fields<Declared>({
  image: text,
  command: TEXTS,
  args: TEXTS,
  env: list(VARIABLE),
  volumeMounts: list(MOUNT),
  securityContext: fields<{ privileged?: boolean }>({ privileged: flag }),
  stdin: flag,
  tty: flag,
});
const VOLUME = fields<Volume>({ name: text, hostPath: fields<{ path?: string }>({ path: text }) });
const SPEC: Reader<Spec> = fields<Spec>({
  containers: list(DECLARED),
  volumes: list(VOLUME),
  restartPolicy: text,
});
const DECLARATION = fields<{ spec: Spec }>({ spec: SPEC }, 'spec');

/** What the agent's declaration says, and the image that it names. */
export interface Declaration {
  readonly image: string | undefined;
  readonly container: Container;
}

/**
 * Reads the declaration of Google's container startup agent, so that the machine runs the same without the agent: on the
 * machine's own network, as the agent had it.
 *
 * @param instance for errors
 * @throws ActionError `declaration-unsupported` for what a unit of ours would do otherwise
 * @see https://github.com/GoogleCloudPlatform/konlet/blob/master/gce-containers-startup/types/api.go
 */
export function readDeclaration(instance: string, yaml: string): Declaration {
  const { spec } = parsed(instance, yaml);
  const { containers = [], volumes = [], restartPolicy = 'Always' } = spec;
  const [declared, second] = containers;
  if (!declared || second) throw unsupported(instance, `it has ${counted(containers.length, 'container')}`);
  if (restartPolicy !== 'Always') throw unsupported(instance, `its restartPolicy is ${restartPolicy}`);
  const { image, command, args, env = [], volumeMounts = [], securityContext, stdin, tty } = declared;
  const mounts = volumeMounts.map((mount) => mounted(instance, mount, volumes));
  return {
    image,
    container: {
      network: 'host',
      ...(command?.length && { command }),
      ...(args?.length && { args }),
      ...(env.length > 0 && {
        env: env.map(({ name = '', value }) => ({ name, value: String(value ?? '') })),
      }),
      ...(mounts.length > 0 && { volumes: mounts }),
      ...(securityContext?.privileged && { privileged: true }),
      ...(stdin && { stdin }),
      ...(tty && { tty }),
    },
  };
}

function parsed(instance: string, yaml: string): { readonly spec: Spec } {
  let value: unknown;
  try {
    value = parse(yaml, { version: '1.1' });
  } catch {
    throw unsupported(instance, 'it is no YAML');
  }
  return readValue(value, `The ${DECLARATION_KEY} of ${instance}`, DECLARATION);
}

function mounted(instance: string, { name, mountPath, readOnly }: Mount, volumes: readonly Volume[]): string {
  const path = volumes.find((volume) => volume.name === name)?.hostPath?.path;
  if (path === undefined || !mountPath)
    throw unsupported(instance, `its volume ${name} is not a directory of the machine`);
  return `${path}:${mountPath}${readOnly ? ':ro' : ''}`;
}

function unsupported(instance: string, why: string): ActionError {
  return new ActionError(
    `The ${DECLARATION_KEY} of ${instance} can't be carried over to a systemd unit: ${why}.`,
    {
      code: 'declaration-unsupported',
      hint: `write a cloud-init file that does the same, give it as cloud_init, and remove the key: gcloud compute instances remove-metadata ${instance} --keys=${DECLARATION_KEY}`,
    },
  );
}
