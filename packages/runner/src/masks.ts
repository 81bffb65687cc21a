/** The secrets of a job and how GitHub's runner hides them in what it prints. */
export class Masks {
  readonly #values = new Set<string>();
  readonly #hidden = new Set<string>();

  /** Hides the value, each of its lines, and what encoders make of it. An empty value is ignored. */
  add(value: string): void {
    if (value.trim() === '') return;
    this.#values.add(value);
    for (const part of [value, ...value.split(/\r?\n/)].map((text) => text.trim()).filter(Boolean)) {
      this.#hidden.add(part);
      this.#hidden.add(encodeURIComponent(part));
      this.#hidden.add(JSON.stringify(part).slice(1, -1));
      for (const shift of [0, 1, 2]) this.#hidden.add(base64(part, shift));
    }
  }

  /** What was masked, as it was given. */
  get values(): string[] {
    return [...this.#values];
  }

  apply(text: string): string {
    // A part must not be replaced before the longer one it belongs to.
    const parts = [...this.#hidden].filter(Boolean).sort((a, b) => b.length - a.length);
    return parts.reduce((masked, part) => masked.replaceAll(part, '***'), text);
  }
}

/** The characters of an encoding that stand for this text alone, when `shift` bytes come before it. */
function base64(text: string, shift: number): string {
  const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64');
  return whole.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + Buffer.byteLength(text)) * 8) / 6));
}
