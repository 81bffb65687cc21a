/** What `flyctl deploy` does with Fly.io that a local one can't: unless a step asks for it, it is left out. */
const LEFT_OUT = ['depot', 'dns-checks'];

/**
 * A `flyctl` that builds on the local Fly.io's builder in place of Depot, a service of others that it takes where it can't ask Fly.io for
 * its choice; and that does not wait a minute for the app's name to be in the world's DNS.
 *
 * @param flyctl the real one
 */
export function flyctlShim(flyctl: string): string {
  return `#!${process.execPath}
'use strict';
const { spawn } = require('node:child_process');
const given = process.argv.slice(2);
const deploys = given.includes('deploy') || given.includes('launch');
const isGiven = (flag) => given.some((arg) => arg === '--' + flag || arg.startsWith('--' + flag + '='));
const left = ${JSON.stringify(LEFT_OUT)}.filter((flag) => deploys && !isGiven(flag));
const child = spawn(${JSON.stringify(flyctl)}, [...given, ...left.map((flag) => '--' + flag + '=false')], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
`;
}
