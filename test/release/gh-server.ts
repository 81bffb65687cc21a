import { createServer, type Socket } from 'node:net';
import { type GhAnswer, gh } from './gh.ts';

/**
 * Starts a server in this process that answers for gh. A release calls gh a dozen times, and starting node for each call takes CPU time.
 * The server ends with the process.
 *
 * @returns the program to put on PATH as `gh`; GH_STATE names the file of what GitHub knows
 */
export async function startGh(): Promise<string> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return `#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/${address.port}
printf '%s\\0' "$(($# + 3))" "$PWD" "$GH_TOKEN" "$GH_STATE" "$@" >&3
IFS= read -r -d '' -u 3 answer
eval "$answer"
`;
}

/** Reads how many values there are, and the values, each with a NUL after it; answers with what bash is to do. */
function serve(socket: Socket): void {
  let text = '';
  socket.setEncoding('utf8');
  // The caller may be ended at any time.
  socket.on('error', () => {});
  socket.on('data', (chunk: string) => {
    text += chunk;
    const [count, directory = '', token = '', stateFile = '', ...args] = text.split('\0').slice(0, -1);
    if (args.length + 3 !== Number(count)) return;
    socket.end(commandsOf(gh({ args, directory, token, stateFile })));
  });
}

function commandsOf({ stdout, stderr, exitCode }: GhAnswer): string {
  return `printf %s ${quoted(stdout)}; printf %s ${quoted(stderr)} >&2; exit ${exitCode}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
