import type { NewStep, Outcome, Unit } from '../model/outcome.ts';
import { readOptions } from '../shell/options.ts';
import { API_GATEWAY } from '../tables/api-gateway.ts';
import type { JobContext } from './context.ts';
import { becomes, stays } from './place.ts';
import { inputsFrom } from './values.ts';

/** `gcloud api-gateway apis create`, `api-configs create`, `gateways create` and `gateways update`. @param words after `api-gateway` */
export function apiGateway(unit: Unit, words: readonly string[], context: JobContext): Outcome {
  const [group = '', verb = '', ...rest] = words;
  const command = `gcloud api-gateway ${group} ${verb}`;
  if (!/^(apis create|api-configs create|gateways (create|update))$/.test(`${group} ${verb}`))
    return stays(`${command}: no action here does it`);
  const line = readOptions(rest, API_GATEWAY);
  if ('why' in line) return stays(`${command}: ${line.why}`);
  const [name, ...more] = line.operands;
  if (name === undefined || more.length > 0) return stays(`${command}: it takes one name`);
  const given = inputsFrom(
    { ...line, options: line.options.filter(({ mapping }) => mapping.from !== '--api-config') },
    context,
  );
  if ('why' in given) return stays(`${command}: ${given.why}`);
  const { api_display_name: title } = given.inputs;
  if (title !== undefined && group !== 'apis') {
    delete given.inputs.api_display_name;
    given.inputs[group === 'gateways' ? 'gateway_display_name' : 'config_display_name'] = title;
  }
  const waits = `${command}: no gateway that serves it is created or updated after it in this job`;
  if (group === 'apis') {
    context.apis.push({ units: [unit], config: '', inputs: { ...given.inputs, api: name } });
    return stays(waits);
  }
  if (group === 'api-configs') {
    if (given.inputs.spec !== undefined) given.inputs.spec = context.path(given.inputs.spec);
    context.apis.push({ units: [unit], config: name, inputs: given.inputs });
    return stays(waits);
  }
  return serve(
    unit,
    name,
    {
      given: given.inputs,
      config: line.options.find(({ mapping }) => mapping.from === '--api-config')?.value,
    },
    context,
  );
}

function serve(
  unit: Unit,
  gateway: string,
  { given, config }: { readonly given: Record<string, string>; readonly config: string | undefined },
  context: JobContext,
): Outcome {
  const { step } = unit;
  const same = (a = '', b = ''): boolean => context.scope.canonical(a) === context.scope.canonical(b);
  const made = context.apis.find((one) => one.config !== '' && same(one.config, config));
  if (!made) return stays('gcloud api-gateway gateways: no step here makes its config');
  const { api = made.inputs.api } = given;
  const all = context.apis.filter((one) => one === made || same(one.inputs.api, api));
  if (all.some(({ units }) => units.some((one) => one.step.condition !== step.condition)))
    return stays('gcloud api-gateway gateways: its config is made on another condition');
  const served: NewStep = {
    name: step.name ?? 'Deploy to API Gateway',
    id: context.newId('gateway'),
    action: 'deploy-api-config',
    with: {
      ...{ api: api ?? '', gateway, location: given.location ?? '' },
      ...made.inputs,
      ...given,
      ...{ api_key: 'false', enable_service: 'false' },
    },
    env: {},
    ...(step.condition !== undefined && { condition: step.condition }),
    rest: step.rest,
    notes: ['The config is named by a hash of what it holds, and an unchanged document makes none.'],
    signsIn: true,
  };
  if (served.with.location === '') return stays('gcloud api-gateway gateways: it names no location');
  for (const one of all.flatMap(({ units }) => units)) one.outcome = { kind: 'joins', step: served };
  context.apis.splice(0, context.apis.length, ...context.apis.filter((one) => !all.includes(one)));
  const before = context.added.find(
    ({ action, with: inputs }) =>
      action === 'deploy-api-config' && same(inputs.gateway, gateway) && same(inputs.api, api),
  );
  return before && before.condition === step.condition
    ? { kind: 'joins', step: before }
    : becomes([served], context);
}
