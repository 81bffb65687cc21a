import type { Inputs } from '../inputs.ts';
import { type Builder, findBuilder } from './builder.ts';
import { refuseUnsupported } from './unsupported.ts';

/**
 * What builds the image on this runner.
 *
 * @throws ActionError when there is no builder, or it can't do what the inputs ask for
 */
export async function usableBuilder(inputs: Inputs, env: Readonly<Record<string, string>>): Promise<Builder> {
  const builder = await findBuilder(inputs.builder, env);
  refuseUnsupported(builder, inputs);
  return builder;
}
