/** A whole number with its noun, `1 change` or `2,000 changes`. */
export function counted(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** As toLocaleString has it, for which Node first loads 20 ms of Intl: more than most of a short step. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
