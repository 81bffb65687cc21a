import { setOutputs } from '@gangway/action';
import type { Outcome } from '../apply/outcome.ts';
import { addressOf } from '../wait/answering.ts';

/** Sets the step's outputs. */
export function writeOutputs(outcome: Outcome): void {
  const { instance, image, previousImage, template, previousTemplate, change } = outcome;
  const { address } = instance ? addressOf(instance) : { address: '' };
  setOutputs({
    instance: instance?.name ?? '',
    address,
    image,
    previous_image: previousImage,
    template,
    previous_template: previousTemplate,
    changed: change !== 'none' && change !== 'planned',
  });
}
