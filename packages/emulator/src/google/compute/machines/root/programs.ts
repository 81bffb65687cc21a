/**
 * Programs that a machine has and this one doesn't, each a script for Node. They ask the local cloud through sockets that it keeps for that
 * machine alone.
 */

/** Where a machine has what is the local cloud's. */
export const HOME = '/opt/gangway';
/** Where a machine finds its sockets. */
export const SOCKETS = '/run/local-cloud';
/** The metadata server's address (https://cloud.google.com/compute/docs/metadata/querying-metadata). */
export const METADATA_ADDRESS = '169.254.169.254';

const NODE = `#!${HOME}/node\n`;

/** Where the router has the folders of all machines, and the names of these by the addresses of those. */
export const ALL = '/run/machines';

/**
 * Has the metadata server's address, for all machines: each reaches it by a route, and is led to its own server, by the address that it comes from. No
 * machine could have the address itself: then nothing in it could listen at port 80.
 */
const ROUTER = `import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

execFileSync('/sbin/ip', ['address', 'add', '${METADATA_ADDRESS}/32', 'dev', 'lo']);
const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', () => undefined);
  let name;
  try { name = readFileSync('${ALL}/by-address/' + socket.remoteAddress, 'utf8'); } catch { return socket.destroy(); }
  const other = connect({ path: '${ALL}/' + name + '/gangway/metadata.sock', allowHalfOpen: true });
  for (const [one, two] of [[socket, other], [other, socket]]) {
    one.on('error', () => two.destroy());
    one.once('close', () => one.readableEnded || two.destroy());
    one.pipe(two);
  }
});
server.listen(80, '${METADATA_ADDRESS}');
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
`;

/**
 * The first process: leads the machine to the metadata server, and what the cloud listens at to its socket; opens ports of the machine for
 * containers that listen at others; and lets connections in.
 */
const INIT = `import { chmodSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { connect, createServer } from 'node:net';

const [port, router] = process.argv.slice(2);
execFileSync('/sbin/ip', ['route', 'add', '${METADATA_ADDRESS}/32', 'via', router]);

function join(socket, to) {
  const other = connect(to);
  for (const [one, two] of [[socket, other], [other, socket]]) {
    one.on('error', () => two.destroy());
    one.once('close', () => one.readableEnded || two.destroy());
    one.pipe(two);
  }
}

function lead(at, to) {
  const server = createServer({ allowHalfOpen: true }, (socket) => join(socket, to));
  return new Promise((resolve, reject) => server.once('error', reject).listen(at, () => resolve(server)));
}

const published = new Map();
async function control(line) {
  const [verb, host, from, to] = line.split(' ');
  const key = host + ' ' + from;
  if (verb === 'open') published.set(key, await lead({ host, port: Number(from) }, { host: '127.0.0.1', port: Number(to) }));
  else published.get(key)?.close(), published.delete(key);
  return 'ok';
}

/** Each connection says in a line what it wants, and is answered, or led there. */
function serve(path, take) {
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    let said = Buffer.alloc(0);
    socket.on('data', function hear(chunk) {
      said = Buffer.concat([said, chunk]);
      const end = said.indexOf(10);
      if (end < 0) return;
      socket.off('data', hear);
      socket.pause();
      if (said.length > end + 1) socket.unshift(said.subarray(end + 1));
      take(socket, said.toString('utf8', 0, end));
    });
  });
  server.listen(path, () => chmodSync(path, 0o666));
}

await lead({ host: '127.0.0.1', port: Number(port) }, { path: '${SOCKETS}/cloud.sock' });
await lead({ host: '127.0.0.1', port: 443 }, { path: '${SOCKETS}/tls.sock' });
serve('${SOCKETS}/control.sock', (socket, line) =>
  control(line).then((text) => socket.end(text), (error) => socket.end('error ' + error.message)));
serve('${SOCKETS}/in.sock', (socket, line) => join(socket, { host: '127.0.0.1', port: Number(line) }));
console.log('ready');
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
`;

/** Asks the local cloud, which looks after the machine's units. */
const SYSTEMCTL = `${NODE}const { request } = require('node:http');
const name = require('node:path').basename(process.argv[1]);
const body = JSON.stringify({ program: name, args: process.argv.slice(2) });
const call = request({ socketPath: '${SOCKETS}/host.sock', path: '/', method: 'POST', headers: { 'content-length': Buffer.byteLength(body) } }, (answer) => {
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
  answer.on('end', () => {
    const { code, stdout, stderr } = JSON.parse(text);
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    process.exitCode = code;
  });
});
call.on('error', (error) => { console.error(name + ': ' + error.message); process.exitCode = 1; });
call.end(body);
`;

/**
 * docker-credential-gcr as Container-Optimized OS has it: writes where docker asks for credentials, and answers it with the token of the
 * machine's service account (https://github.com/GoogleCloudPlatform/docker-credential-gcr).
 */
const CREDENTIALS = `${NODE}const fs = require('node:fs');
const { get } = require('node:http');
const [command, ...args] = process.argv.slice(2);
const GCR = ['gcr.io', 'us.gcr.io', 'eu.gcr.io', 'asia.gcr.io', 'marketplace.gcr.io'];

function fail(message) {
  console.error(message);
  process.exit(1);
}

function configure() {
  const listed = args.map((arg, index) => /^--?registries=(.*)$/.exec(arg)?.[1] ?? (/^--?registries$/.test(arg) ? args[index + 1] : undefined)).find((one) => one !== undefined);
  const home = process.env.HOME;
  const folder = process.env.DOCKER_CONFIG || (home && home + '/.docker');
  if (!folder) fail('ERROR: Unable to load docker config: neither $DOCKER_CONFIG nor $HOME is set');
  const path = folder + '/config.json';
  let config = {};
  try { config = JSON.parse(fs.readFileSync(path, 'utf8')); } catch {}
  const registries = listed ? listed.split(',').map((one) => one.trim()).filter(Boolean) : GCR;
  config.credHelpers = { ...config.credHelpers, ...Object.fromEntries(registries.map((one) => [one, 'gcr'])) };
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(path, JSON.stringify(config, undefined, '\\t'), { mode: 0o600 });
  } catch (error) {
    fail('ERROR: Unable to save docker config: ' + error.message);
  }
  console.error(path + ' configured to use this credential helper');
}

function token() {
  const server = fs.readFileSync(0, 'utf8').trim();
  const options = { host: '${METADATA_ADDRESS}', path: '/computeMetadata/v1/instance/service-accounts/default/token', headers: { 'Metadata-Flavor': 'Google' } };
  get(options, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
    answer.on('end', () => {
      if (answer.statusCode !== 200) fail('docker-credential-gcr/helper: could not retrieve GCR\\'s access token: ' + answer.statusCode + ' ' + text.slice(0, 200));
      console.log(JSON.stringify({ ServerURL: server, Username: '_dcgcr_2_1_22_token', Secret: JSON.parse(text).access_token }));
    });
  }).on('error', (error) => fail('docker-credential-gcr/helper: could not retrieve GCR\\'s access token: ' + error.message));
}

if (command === 'configure-docker') configure();
else if (command === 'get') token();
else if (command === 'version') console.log('Google Container Registry (GCR) Docker credential helper 2.1.22');
else if (command === 'list') console.log('{}');
else if (command !== 'store' && command !== 'erase') fail('docker-credential-gcr: the local cloud has configure-docker, get and version alone');
`;

/** The machine has no firewall of its own: what comes in, the cloud's decides. */
const IPTABLES = `${NODE}console.error(require('node:path').basename(process.argv[1]) + ': the local cloud\\'s machines have no firewall of their own; nothing to do');\n`;

/** By where a machine has them. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  [`${HOME}/init.mjs`]: INIT,
  [`${HOME}/router.mjs`]: ROUTER,
  '/usr/bin/systemctl': SYSTEMCTL,
  '/usr/bin/journalctl': SYSTEMCTL,
  '/usr/bin/docker-credential-gcr': CREDENTIALS,
  '/usr/sbin/iptables': IPTABLES,
  '/usr/sbin/ip6tables': IPTABLES,
};
