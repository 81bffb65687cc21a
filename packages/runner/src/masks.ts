/** The secrets of a job and how GitHub's runner hides them in what it prints. */
export class Masks {
  readonly #values = new Set<string>();
  readonly #hidden = new Set<string>();
  /** What is hidden, the longest first: a part must not be replaced before the longer one it belongs to. */
  #sorted: readonly string[] | undefined;

  /** Hides the value, each of its lines, and what encoders make of it. An empty value is ignored. */
  add(value: string): void {
    if (value.trim() === '') return;
    this.#values.add(value);
    for (const part of [value, ...value.split(/[\r\n]+/)].map((text) => text.trim()).filter(Boolean)) {
      this.hide(part);
      this.hide(encodeURIComponent(part));
      this.hide(JSON.stringify(part).slice(1, -1));
      for (const shift of [0, 1, 2]) this.hide(base64(part, shift));
    }
  }

  /** Hides a text as it is, which nobody gave as a secret. */
  hide(text: string): void {
    if (text !== '') this.#hidden.add(text);
    this.#sorted = undefined;
  }

  /** What was masked, as it was given. */
  get values(): string[] {
    return [...this.#values];
  }

  apply(text: string): string {
    this.#sorted ??= [...this.#hidden].sort((a, b) => b.length - a.length);
    return this.#sorted.reduce((masked, part) => masked.replaceAll(part, '***'), text);
  }
}

/** The characters of an encoding that stand for this text alone, when `shift` bytes come before it. */
function base64(text: string, shift: number): string {
  const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64');
  return whole.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + Buffer.byteLength(text)) * 8) / 6));
}
