import type { Inputs } from '../inputs.ts';

/** What a builder builds for unless it is told otherwise: this machine. */
export const PLATFORM = `linux/${{ x64: 'amd64', arm: 'arm' }[process.arch as string] ?? process.arch}`;

/** What an image is built for. */
export function platformsOf({ platforms }: Pick<Inputs, 'platforms'>): readonly string[] {
  return platforms.length > 0 ? platforms : [PLATFORM];
}
