import { ActionError, input, invalid } from '@gangway/action';

/** What the resources are to be known by, and what else a new gateway is asked for. */
export interface AboutInputs {
  /** Of the API, the config and the gateways; other labels stay. */
  readonly labels: Readonly<Record<string, string>>;
  readonly apiDisplayName: string | undefined;
  readonly configDisplayName: string | undefined;
  readonly gatewayDisplayName: string | undefined;
  /** Whether the gateways have to stream. */
  readonly streaming: boolean;
}

// Google's rules of labels (https://cloud.google.com/resource-manager/docs/labels-overview#requirements).
const NAME = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const BYTES = 128;
/** By these the action knows what it made, and what a gateway served before. */
const OWN = /^(created-by$|gangway-)/;
/** Google takes 64 labels of a resource; the action writes up to 6 of its own. */
const MOST = 58;

/** @throws ActionError for a label that Google refuses, or that the action writes itself */
export function readAbout(): AboutInputs {
  return {
    labels: readLabels(),
    apiDisplayName: input.optional('api_display_name'),
    configDisplayName: input.optional('config_display_name'),
    gatewayDisplayName: input.optional('gateway_display_name'),
    streaming: input.choice('streaming_mode', ['default', 'enabled'] as const) === 'enabled',
  };
}

function readLabels(): AboutInputs['labels'] {
  const labels = input.pairList('labels') ?? {};
  const entries = Object.entries(labels);
  for (const [name, value] of entries) {
    const refuse = (fix: string) => invalid('labels', `${name}=${value}`, fix);
    if (OWN.test(name))
      throw refuse(
        'choose another name: created-by and names that begin with gangway- are for the action itself',
      );
    const long = [name, value].some((text) => Buffer.byteLength(text) > BYTES);
    if (long || !NAME.test(name) || !VALUE.test(value))
      throw refuse(
        'use lower-case letters, digits, "_" and "-", 63 characters and 128 bytes at most, a letter first in the name',
      );
  }
  if (entries.length > MOST)
    throw new ActionError(
      `Input "labels" has ${entries.length} labels; with those of the action itself, ${MOST} fit.`,
      {
        code: 'input-invalid',
        hint: 'leave some out',
      },
    );
  return labels;
}
