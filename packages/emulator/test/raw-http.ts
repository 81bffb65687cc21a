import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A backend that speaks bytes: what it gets is kept as it comes, and what it says is said as it stands. */
export interface RawBackend {
  readonly port: number;
  /** All that came so far, every connection on its own. */
  readonly received: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts a backend on loopback.
 *
 * @param react called whenever more has come, with all of it so far on that connection
 */
export async function rawBackend(react: (socket: Socket, received: string) => void): Promise<RawBackend> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const index = received.push('') - 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.on('data', (chunk) => {
      received[index] += chunk.toString('latin1');
      react(socket, received[index] ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Says the same to each request, once `done` sees its end. */
export function says(answer: string, done: (received: string) => boolean = hasEnded) {
  const answered = new WeakMap<Socket, number>();
  return (socket: Socket, received: string) => {
    if (!done(received.slice(answered.get(socket) ?? 0))) return;
    answered.set(socket, received.length);
    socket.write(answer, 'latin1');
  };
}

/** Whether one request has come whole, by the framing that it says. */
export function hasEnded(received: string): boolean {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const [head, body] = [received.slice(0, end), received.slice(end + 4)];
  if (/^transfer-encoding: chunked\r?$/im.test(head))
    return /(?:^|\r\n)0\r\n(?:[^\r\n]+\r\n)*\r\n$/.test(body);
  return body.length >= Number(/^content-length: (\d+)\r?$/im.exec(head)?.[1] ?? 0);
}

/** A client that speaks bytes. */
export interface RawClient {
  readonly socket: Socket;
  /** All that came so far. */
  readonly received: string;
  send(text: string): void;
  /** Waits until what came matches. @throws Error when the connection ends before, or nothing comes for 5 seconds */
  until(pattern: RegExp): Promise<string>;
  /** Waits until the other side has ended the connection, and gives all that came. */
  end(): Promise<string>;
}

export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let received = '';
  let closed = false;
  const look = new Set<() => void>();
  const changed = () => {
    for (const one of look) one();
  };
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    changed();
  });
  socket.on('error', () => undefined);
  socket.once('close', () => {
    closed = true;
    changed();
  });
  const when = (met: () => boolean, what: string) =>
    new Promise<string>((resolve, reject) => {
      const timer = setTimeout(
        () => settle(() => reject(new Error(`${what} did not come: ${received}`))),
        5000,
      );
      const settle = (act: () => void) => {
        look.delete(check);
        clearTimeout(timer);
        act();
      };
      const check = () => {
        if (met()) settle(() => resolve(received));
        else if (closed) settle(() => reject(new Error(`${what} did not come before the end: ${received}`)));
      };
      look.add(check);
      check();
    });
  return {
    socket,
    get received() {
      return received;
    },
    send: (text) => void socket.write(text, 'latin1'),
    until: (pattern) => when(() => pattern.test(received), String(pattern)),
    end: () => when(() => closed, 'the end'),
  };
}
