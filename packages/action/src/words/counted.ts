/** A whole number with its noun, `1 change` or `2,000 changes`. */
export function counted(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** The same as `toLocaleString('en-US')`, whose first call takes Node some 15 ms to load Intl. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
