/**
 * A `docker` that leads images of Artifact Registry and Fly.io to the local registry: `docker push us-central1-docker.pkg.dev/…` would ask
 * Google. Our own actions know the local registry by themselves.
 *
 * @param docker the real one
 */
export function dockerShim(docker: string): string {
  return `#!${process.execPath}
'use strict';
const { execFileSync, spawn } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const DOCKER = ${JSON.stringify(docker)};
const { GANGWAY_REGISTRY_HOST: registry = '', GOOGLE_CLOUD_PROJECT: project = '', HOME = '' } = process.env;
const hostOf = (text) =>
  /^([a-z0-9-]+-docker\\.pkg\\.dev|registry\\.fly\\.io)(?:\\/|$)/.exec(text)?.[1] ??
  (project && /^(?:[a-z]+\\.)?gcr\\.io\\/[^/]+/.exec(text)?.[0].endsWith('/' + project) ? text.split('/')[0] : undefined);
// Options whose values name images; elsewhere a name is only text, such as a label's.
const NAMES = /^(?:--tag|-t|--cache-from|--cache-to|--output|-o)(?:=|$)/;
const given = process.argv.slice(2);
const signsIn = given.includes('login') || given.includes('logout');
const hosts = [];
const mapped = (text) => {
  const host = hostOf(text);
  if (!host) return text;
  hosts.push(host);
  return registry + '/' + text;
};
const args = given.map((arg, index) => {
  if (signsIn) return hostOf(arg.replace(/^https?:\\/\\//, '')) ? registry : arg;
  if (hostOf(arg) && !NAMES.test(given[index - 1] ?? '')) return mapped(arg);
  const names = NAMES.test(arg) || NAMES.test(given[index - 1] ?? '');
  return names ? arg.split(/([=,])/).map(mapped).join('') : arg;
});
// What signed in to Google's registry is good for the one that stands in for it.
if (hosts.length > 0) signIn(hosts[0]);
const child = spawn(DOCKER, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));

function signIn(name) {
  const file = join(process.env.DOCKER_CONFIG || join(HOME, '.docker'), 'config.json');
  if (!existsSync(file)) return;
  const { auths = {}, credHelpers = {} } = JSON.parse(readFileSync(file, 'utf8'));
  if (auths[registry]) return;
  let user;
  let secret;
  if (auths[name]?.auth) [user, secret] = Buffer.from(auths[name].auth, 'base64').toString().split(/:(.*)/s);
  else if (credHelpers[name]) {
    const said = execFileSync('docker-credential-' + credHelpers[name], ['get'], { input: name });
    ({ Username: user, Secret: secret } = JSON.parse(said));
  }
  if (!user) return;
  execFileSync(DOCKER, ['login', '--username', user, '--password-stdin', registry], { input: secret, stdio: ['pipe', 'ignore', 'ignore'] });
}
`;
}
