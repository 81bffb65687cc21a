import { ActionError, input, invalid, refuseUnknown } from '@gangway/action';
import { type GoogleInputs, readGoogleInputs } from '@gangway/auth';
import { DECLARED } from './declared-inputs.ts';
import { readCloudInit } from './inputs/cloud-init.ts';
import { type ContainerInputs, readContainer } from './inputs/container.ts';
import { type GroupInputs, readGroup } from './inputs/group.ts';
import { type Location, readLocation } from './inputs/location.ts';
import { type MachineInputs, readMachine } from './inputs/machine.ts';
import { refuseBesideCloudInit, refusePathOfGroup, refuseStrangers } from './inputs/strangers.ts';
import { readSurroundings, type Surroundings } from './inputs/surroundings.ts';

export interface Inputs {
  readonly google: GoogleInputs;
  readonly kind: 'instance' | 'group';
  /** Of the instance or the group, of its container and its unit. */
  readonly name: string;
  readonly location: Location;
  readonly image: string;
  readonly container: ContainerInputs;
  /** The text of the user's own file, in place of the unit. */
  readonly cloudInit: string | undefined;
  readonly machine: MachineInputs;
  readonly surroundings: Surroundings;
  /** How an instance comes to run something else. */
  readonly strategy: 'restart' | 'replace';
  readonly group: GroupInputs;
  readonly dryRun: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** RFC 1035, with room for what is appended: the second of two instances, the hash of a template. */
const NAME = /^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/;
/** As Docker has it: without a host it is Docker Hub's (https://github.com/distribution/reference). */
const IMAGE =
  /^([a-z0-9.-]+(:\d+)?\/)?[a-z0-9._-]+(\/[a-z0-9._-]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** @throws ActionError that names the input, its value and what to write */
export function readInputs(): Inputs {
  refuseUnknown(DECLARED);
  const { kind, name } = readName();
  const timeout = input.duration('timeout');
  const inputs = {
    google: readGoogleInputs(input),
    kind,
    name,
    location: readLocation(kind),
    image: readImage(),
    container: readContainer(),
    cloudInit: readCloudInit(),
    machine: readMachine(),
    surroundings: readSurroundings(timeout),
    strategy: input.choice('strategy', ['restart', 'replace'] as const),
    group: readGroup(),
    dryRun: input.boolean('dry_run'),
    timeout,
  };
  refuseStrangers(kind);
  refuseBesideCloudInit(inputs);
  refusePathOfGroup(inputs);
  refuseWithoutAddress(inputs);
  return inputs;
}

function readName(): Pick<Inputs, 'kind' | 'name'> {
  const instance = input.optional('instance');
  const group = input.optional('group');
  if (instance !== undefined && group !== undefined)
    throw invalid('group', group, 'a step deploys either an instance or a group; keep one');
  const [kind, name] = group === undefined ? (['instance', instance] as const) : (['group', group] as const);
  if (name === undefined)
    throw new ActionError('Input "instance" is required and was empty.', {
      code: 'input-missing',
      hint: 'name an instance, or set group to the name of a managed instance group',
    });
  if (!NAME.test(name))
    throw invalid(
      kind,
      name,
      'use lower-case letters, digits and dashes, starting with a letter and not ending with a dash, at most 50 characters',
    );
  return { kind, name };
}

function readImage(): string {
  const image = input.required('image');
  if (!IMAGE.test(image)) throw invalid('image', image, 'write HOST/PATH@sha256:DIGEST, or HOST/PATH:TAG');
  return image;
}

/** Clients know the address: a second instance without it would be found by nobody. */
function refuseWithoutAddress({ strategy, kind, surroundings: { address } }: Inputs): void {
  if (strategy !== 'replace' || kind !== 'instance' || (address && address !== 'none')) return;
  throw invalid(
    'strategy',
    strategy,
    'a second instance takes over a reserved address: name one by address, or write strategy: restart',
  );
}
