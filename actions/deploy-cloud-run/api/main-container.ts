import type { Container } from './resources.ts';

/** Of several containers the main one is that which requests go to. */
export function mainIndex(containers: readonly Container[]): number {
  return Math.max(
    0,
    containers.findIndex(({ ports = [] }) => ports.length > 0),
  );
}
