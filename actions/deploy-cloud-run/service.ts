import type { SecretReference, Settings } from './inputs.ts';

/** A service of the Cloud Run Admin API v2, as far as this action reads and writes it (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services). */
export interface Service {
  readonly name?: string;
  readonly etag?: string;
  readonly uri?: string;
  readonly template?: Template;
  readonly latestReadyRevision?: string;
  readonly terminalCondition?: { readonly state?: string; readonly message?: string };
}

interface Template {
  readonly revision?: string;
  readonly serviceAccount?: string;
  readonly maxInstanceRequestConcurrency?: number;
  readonly scaling?: { readonly minInstanceCount?: number; readonly maxInstanceCount?: number };
  readonly containers?: readonly Container[];
}

interface Container {
  readonly image?: string;
  readonly env?: readonly EnvVar[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[];
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
}

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueSource?: { readonly secretKeyRef: SecretReference };
}

/**
 * The template a service is to have: what it has now, with the image and the named settings put in. Sidecars and
 * everything else stay as they are.
 */
export function wantedTemplate(current: Template | undefined, image: string, settings: Settings): Template {
  const { revision: _, ...kept } = current ?? {};
  const [main = {}, ...sidecars] = kept.containers ?? [];
  const { minInstances, maxInstances } = settings;
  const scaling = {
    ...kept.scaling,
    ...(minInstances !== undefined && { minInstanceCount: minInstances }),
    ...(maxInstances !== undefined && { maxInstanceCount: maxInstances }),
  };
  return {
    ...kept,
    ...(settings.serviceAccount && { serviceAccount: settings.serviceAccount }),
    ...(settings.concurrency !== undefined && { maxInstanceRequestConcurrency: settings.concurrency }),
    ...(Object.keys(scaling).length > 0 && { scaling }),
    containers: [wantedContainer(main, image, settings), ...sidecars],
  };
}

function wantedContainer(current: Container, image: string, { env, cpu, memory, port }: Settings): Container {
  const limits = {
    ...current.resources?.limits,
    ...(cpu && { cpu: canonicalCpu(cpu) }),
    ...(memory && { memory }),
  };
  const [name] = current.ports ?? [];
  return {
    ...current,
    image,
    ...(env && { env: Object.entries(env).map(([key, value]) => envVar(key, value)) }),
    ...(port !== undefined && { ports: [{ ...name, containerPort: port }] }),
    ...(Object.keys(limits).length > 0 && { resources: { ...current.resources, limits } }),
  };
}

function envVar(name: string, value: string | SecretReference): EnvVar {
  return typeof value === 'string' ? { name, value } : { name, valueSource: { secretKeyRef: value } };
}

/** Cloud Run stores CPUs in thousandths: `1` and `1000m` are the same. */
function canonicalCpu(cpu: string): string {
  return cpu.endsWith('m') ? cpu : `${Math.round(Number(cpu) * 1000)}m`;
}

/** Whether two templates say the same, whatever the order of variables and the spelling of CPUs. */
export function sameTemplate(left: Template | undefined, right: Template | undefined): boolean {
  return JSON.stringify(comparable(left ?? {})) === JSON.stringify(comparable(right ?? {}));
}

function comparable({ revision: _, containers = [], ...template }: Template): unknown {
  const normalised = containers.map(({ env = [], resources, ...container }) => {
    const { cpu, ...limits } = resources?.limits ?? {};
    return {
      ...container,
      resources: { ...resources, limits: { ...limits, ...(cpu && { cpu: canonicalCpu(cpu) }) } },
      env: env
        .map(({ name, value = '', valueSource }) => ({
          name,
          ...(valueSource ? { valueSource } : { value }),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  });
  return sorted({ ...template, containers: normalised });
}

/** Objects with their keys in order, so that equal ones print alike. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
