import { input, invalid } from '@gangway/action';
import { shaped } from '@gangway/settings';
import type { Settings } from './settings.ts';

export function readGpu(): Pick<Settings, 'gpu' | 'gpuType'> {
  const gpuType = shaped(
    'gpu_type',
    input.optional('gpu_type'),
    /^[a-z0-9-]+$/,
    'write a type such as nvidia-l4; see https://cloud.google.com/run/docs/configuring/services/gpu',
  );
  const gpu = shaped('gpu', input.optional('gpu'), /^[01]$/, 'write 1, or 0 for none');
  if (gpu === '0' && gpuType)
    throw invalid('gpu_type', gpuType, 'gpu is 0, which removes the GPU; keep one of the two');
  // A type alone asks for a GPU of it, as with gcloud.
  return { gpu: gpu ?? (gpuType && '1'), gpuType };
}
