/** Bytes of a serial port's output that are kept (https://cloud.google.com/compute/docs/troubleshooting/viewing-serial-port-output). */
const MOST = 1024 * 1024;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What a machine writes to its first serial port. */
export class Serial {
  #first = 0;
  #bytes: Buffer = Buffer.alloc(0);
  readonly #hostname: string;

  constructor(hostname: string) {
    this.#hostname = hostname;
  }

  /** A line as journald forwards it to the console. @param from e.g. `systemd[1]` */
  log(from: string, line: string): void {
    const now = new Date();
    const two = (value: number) => String(value).padStart(2, '0');
    const day = `${MONTHS[now.getUTCMonth()]} ${String(now.getUTCDate()).padStart(2)}`;
    const time = [now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds()].map(two).join(':');
    this.write(`${day} ${time} ${this.#hostname} ${from}: ${line}\r\n`);
  }

  write(text: string): void {
    const all = Buffer.concat([this.#bytes, Buffer.from(text)]);
    const over = Math.max(0, all.length - MOST);
    this.#first += over;
    this.#bytes = all.subarray(over);
  }

  /** What is kept, and the number of its first byte. */
  get kept(): { readonly first: number; readonly bytes: Buffer } {
    return { first: this.#first, bytes: this.#bytes };
  }
}
