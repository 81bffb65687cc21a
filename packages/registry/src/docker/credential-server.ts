import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What a credential helper prints (https://github.com/docker/docker-credential-helpers#development). */
export interface DockerCredential {
  readonly ServerURL: string;
  readonly Username: string;
  readonly Secret: string;
}

/** Name of the socket in the step's directory. */
const SOCKET = 'credentials.sock';
/** The longest address of a Unix socket, of all systems, in bytes. */
const LONGEST = 103;

/**
 * Answers the credential helper as long as the step runs: each connection gets a credential made for it, so that none
 * is written down and none is older than the question.
 *
 * @param directory of mode 0700, which is what keeps others from asking
 */
export async function serveCredentials(
  directory: string,
  credential: () => Promise<DockerCredential>,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => void answer(socket, credential));
  await listen(server, directory);
  return server.unref();
}

/** The helper's program, a CommonJS module that needs nothing but Node; it lies beside the socket. */
export const HELPER_PROGRAM = `'use strict';
const { connect } = require('node:net');
const verb = process.argv[2];
if (verb === 'list') process.stdout.write('{}');
if (verb !== 'get') process.exit(0);
process.chdir(__dirname);
let reply = '';
connect('${SOCKET}')
  .setEncoding('utf8')
  .on('error', (error) => {
    console.log('The step that Docker asks for credentials is over: ' + error.code);
    process.exit(1);
  })
  .on('data', (chunk) => { reply += chunk; })
  .on('end', () => {
    process.exitCode = reply.startsWith('{') ? 0 : 1;
    process.stdout.write(reply);
  })
  .end(verb);
`;

async function answer(socket: Socket, credential: () => Promise<DockerCredential>): Promise<void> {
  try {
    await text(socket);
    socket.end(JSON.stringify(await credential()));
  } catch (error) {
    socket.end(error instanceof Error ? error.message : 'There is no credential.');
  }
}

function listen(server: Server, directory: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', resolve);
    const path = join(directory, SOCKET);
    if (Buffer.byteLength(path) <= LONGEST) {
      server.listen(path);
      return;
    }
    // Node binds before listen() returns, so a deep directory can be named from within.
    const before = process.cwd();
    process.chdir(directory);
    server.listen(SOCKET);
    process.chdir(before);
  });
}
