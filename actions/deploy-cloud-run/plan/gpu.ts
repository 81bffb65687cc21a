import type { Container, Workload } from '../api/resources.ts';
import type { Settings } from '../inputs/settings.ts';

const GPU = 'nvidia.com/gpu';
/** What gcloud names first, and the one that every region with GPUs has. */
const DEFAULT_TYPE = 'nvidia-l4';

/** The main container with the GPUs that the inputs name; `0` takes them away. */
export function withGpu(container: Container, { gpu }: Settings): Container {
  if (gpu === undefined) return container;
  const { [GPU]: _, ...limits } = container.resources?.limits ?? {};
  return {
    ...container,
    resources: { ...container.resources, limits: { ...limits, ...(gpu !== '0' && { [GPU]: gpu }) } },
  };
}

export function hasGpu({ resources }: Container): boolean {
  return (resources?.limits?.[GPU] ?? '0') !== '0';
}

/** Which kind of GPU an instance has; none where there is none. */
export function wantedAccelerator(
  current: Workload['nodeSelector'],
  { gpu, gpuType }: Settings,
): Workload['nodeSelector'] {
  if (gpu === '0') return undefined;
  if (gpuType) return { ...current, accelerator: gpuType };
  return gpu === undefined ? current : { accelerator: DEFAULT_TYPE, ...current };
}
