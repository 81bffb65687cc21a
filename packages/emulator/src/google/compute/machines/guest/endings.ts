import type { UnitFile } from './unit-file.ts';

/** Signals by number, as far as they end processes. */
const SIGNALS: Readonly<Record<number, string>> = {
  ...{ 1: 'HUP', 2: 'INT', 3: 'QUIT', 6: 'ABRT', 9: 'KILL', 13: 'PIPE', 15: 'TERM' },
};
/** Those that end a service in good order. */
const CLEAN = [1, 2, 13, 15];

/** How an exit code reads in the journal: `code=exited, status=1/n/a`. Above 128 it is that of a signal. */
export function shownEnding(code: number): string {
  const signal = SIGNALS[code - 128];
  return signal ? `code=killed, status=${code - 128}/${signal}` : `code=exited, status=${code}/n/a`;
}

/** Whether a service has ended in good order by that code (`SuccessExitStatus=`). */
export function isClean(unit: UnitFile, code: number): boolean {
  const more = (unit.last('Service', 'SuccessExitStatus') ?? '').split(/\s+/);
  const name = SIGNALS[code - 128];
  return (
    code === 0 ||
    CLEAN.includes(code - 128) ||
    more.includes(String(code)) ||
    (name !== undefined && more.includes(`SIG${name}`))
  );
}

/** Whether a service starts again after that (`Restart=`, `RestartPreventExitStatus=`). */
export function restartsAfter(unit: UnitFile, code: number, isWell: boolean): boolean {
  const prevented = (unit.last('Service', 'RestartPreventExitStatus') ?? '').split(/\s+/);
  if (prevented.includes(String(code))) return false;
  const when = unit.last('Service', 'Restart') ?? 'no';
  if (when === 'always') return true;
  if (when === 'on-success') return isWell;
  if (when === 'on-failure') return !isWell;
  return (when === 'on-abnormal' || when === 'on-abort') && code > 128 && !isWell;
}
