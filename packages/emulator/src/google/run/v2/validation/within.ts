import { type Subject, violation } from './violation.ts';

/** @throws ApiError INVALID_ARGUMENT unless a number is whole and within a limit */
export function checkWithin(
  value: number,
  { least, most }: { readonly least: number; readonly most: number },
  field: string,
  of: Subject = 'service',
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw violation(field, `must be between ${least} and ${most} inclusive`, of);
}
