import { createHash } from 'node:crypto';
import type { InstanceProperties, Template } from '@gangway/compute';
import { normal } from '@gangway/settings';
import type { Inputs } from '../inputs.ts';
import { last } from './misfits.ts';
import { DEFAULT_MACHINE_TYPE, properties } from './properties.ts';
import type { WantedBoot } from './wanted-boot.ts';

/** A template as it is made: templates never change, so that another content is another name. */
export interface WantedTemplate {
  readonly name: string;
  readonly body: {
    readonly name: string;
    readonly description: string;
    readonly properties: InstanceProperties;
  };
}

/** How a template of ours is known again. */
const OURS = 'Made by Gangway for the group';

/**
 * The template of a group's new instances, named by the hash of its content. It names the family of the boot image: which of its
 * images is the newest makes no new template.
 *
 * @param like of the template that the group has now, whose settings stay where no input says otherwise
 */
export function wantedTemplate(
  inputs: Inputs,
  boot: WantedBoot,
  like: InstanceProperties | undefined,
  projectId: string,
): WantedTemplate {
  const { name, machine } = inputs;
  const sourceImage = familyImage(machine.imageFamily);
  const content = {
    machineType: machine.machineType ?? last(like?.machineType) ?? DEFAULT_MACHINE_TYPE,
    ...properties({ inputs, boot, projectId, sourceImage, natIP: undefined, like }),
  };
  const hash = createHash('sha256')
    .update(JSON.stringify(normal(content)))
    .digest('hex')
    .slice(0, 12);
  const own = `${name}-${hash}`;
  return { name: own, body: { name: own, description: `${OURS} ${name}.`, properties: content } };
}

function familyImage(family: string): string {
  return `projects/cos-cloud/global/images/family/${family}`;
}

/** Templates of ours for a group, by their names and descriptions. */
export function isOwnTemplate({ name, description = '' }: Template, group: string): boolean {
  return description === `${OURS} ${group}.` && new RegExp(`^${group}-[0-9a-f]{12}$`).test(name);
}
