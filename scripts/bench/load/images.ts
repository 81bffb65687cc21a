import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '@gangway/engine';

/**
 * A folder to build an image of: a server that answers every path at once, and the Node that runs this. It holds up under load: what is
 * measured is the way to it.
 */
export async function writeServer(folder: string): Promise<void> {
  const files = [process.execPath, ...(await libraries(process.execPath))];
  for (const file of files) {
    await mkdir(join(folder, 'root', dirname(file)), { recursive: true });
    await copyFile(file, join(folder, 'root', file));
  }
  await writeFile(join(folder, 'root/server.js'), SERVER);
  await writeFile(
    join(folder, 'Dockerfile'),
    `FROM scratch\nCOPY root /\nCMD ["${process.execPath}", "/server.js"]\n`,
  );
}

const SERVER = `const { createServer } = require('node:http');
const body = JSON.stringify({ ok: true });
const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.listen(Number(process.env.PORT), '0.0.0.0');
process.on('SIGTERM', () => process.exit());
`;

/** The shared libraries that a program loads, as ldd(1) finds them. */
async function libraries(program: string): Promise<string[]> {
  const listed = await run('ldd', [program]);
  return [...listed.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = '']) => path);
}
