import type { Container } from './container.ts';
import { dockerRun, type SecretFile } from './docker-run.ts';
import { firewallLines } from './firewall-lines.ts';
import { shellWord } from './quote.ts';
import { STOP_SECONDS } from './unit.ts';

/** What a machine is to run. */
export interface Workload {
  /** Of the container and its unit. */
  readonly name: string;
  /** By digest. */
  readonly image: string;
  readonly container: Container;
  readonly projectId: string;
  /** Domain of the APIs' hosts, e.g. `googleapis.com`. */
  readonly universe: string;
}

/** Seconds that a container must have been up to count as running. */
export const SETTLED = 5;

/**
 * The script that a unit runs: it logs Docker in, pulls the image, fetches the secrets, starts the container and stays with it. It
 * tells by guest attributes what became of it, with the id of this configuration, by which nobody takes an older one for it.
 *
 * @param id of the configuration
 * @see https://cloud.google.com/compute/docs/metadata/manage-guest-attributes
 * @see https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access
 */
export function startScript(workload: Workload, id: string): string {
  const { name, image, container } = workload;
  const secrets = container.secrets ?? [];
  const files = secretFiles(workload);
  const started = `${dockerRun(name, image, container, files)} >"$run/said" 2>&1 || return 125`;
  const parts = [
    head(name, image, id),
    ...(secrets.length > 0 ? [readSecret(workload.universe)] : []),
    stopping(),
    'mkdir -p "$HOME" "$run"\nrm -rf "$run/stopping" "$run/secrets"',
    ...loginLines(image),
    ...firewallLines(container),
    PULL,
    ...directoryLines(container),
    'docker rm --force "$name" >/dev/null 2>&1',
    ...files.flatMap(({ source }, index) => fileLines(workload, source, index)),
    secrets.some(({ name: variable }) => !variable.startsWith('/'))
      ? `start() (\n${variableLines(workload).join('\n')}\n  ${started}\n)`
      : `start() {\n  ${started}\n}`,
    STAY,
  ];
  return `${parts.join('\n')}\n`;
}

function head(name: string, image: string, id: string): string {
  return `#!/bin/bash
# Written at each boot from the metadata of the instance. Deploy again to change it.
set -uo pipefail
name=${shellWord(name)}
image=${shellWord(image)}
id=${shellWord(id)}
run=/run/gangway/${name}
began=$(date +%s%N)
metadata=http://metadata.google.internal/computeMetadata/v1/instance

# Tells the deploy what became of it: ID BEGAN STATE DETAIL.
report() {
  local detail="\${*:2}"
  detail="\${detail//[$'\\r\\n\\t']/ }"
  echo "gangway: $1 \${detail:0:1000}"
  printf '%s' "$id $began $1 \${detail:0:1000}" | curl --silent --show-error --fail --max-time 10 --retry 5 --retry-connrefused \\
    --request PUT --header 'Metadata-Flavor: Google' --data-binary @- "$metadata/guest-attributes/gangway/state" >/dev/null
}

fail() {
  report failed "$@"
  exit 1
}
`;
}

/** The token goes to curl on its standard input: other processes see arguments. */
function readSecret(universe: string): string {
  return `# Prints a version of a secret.
read_secret() {
  local token answer
  token=$(curl --silent --show-error --fail --max-time 10 --retry 5 --retry-connrefused --header 'Metadata-Flavor: Google' \\
    "$metadata/service-accounts/default/token" | sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')
  answer=$(printf 'header = "Authorization: Bearer %s"\\n' "$token" | curl --config - --silent --show-error --fail-with-body \\
    --max-time 30 --retry 5 "https://secretmanager.${universe}/v1/$1:access" 2>&1 | tr -d '\\r\\n') || {
    printf '%s' "$answer" | sed -n 's/.*"message" *: *"\\([^"]*\\)".*/\\1/p;t;s/.*/&/p' >&2
    return 1
  }
  printf '%s' "$answer" | sed -n 's/.*"data" *: *"\\([^"]*\\)".*/\\1/p' | base64 --decode
}
`;
}

function stopping(): string {
  return `if [ "\${1:-}" = stop ]; then
  touch "$run/stopping"
  exec docker stop -t ${STOP_SECONDS} "$name"
fi
`;
}

function loginLines(image: string): string[] {
  const [host = ''] = image.split('/');
  if (!/(^|\.)gcr\.io$|-docker\.pkg\.dev$/.test(host)) return [];
  return [`docker-credential-gcr configure-docker --registries=${shellWord(host)} >/dev/null`];
}

const PULL = `report pulling "$image"
for try in 1 2 3 4 5; do
  said=$(docker pull --quiet "$image" 2>&1) && break
  [ "$try" = 5 ] && fail "the image can't be pulled: $(printf '%s' "$said" | tail -n 1)"
  sleep $((try * 2))
done`;

/** Directories of the machine that are not there are made, for the user of the container where that is a number. */
function directoryLines({ volumes = [], user = '' }: Container): string[] {
  const owner = /^\d+(:\d+)?$/.test(user) ? ` && chown ${user} "$directory"` : '';
  return volumes
    .map((volume) => volume.split(':')[0] ?? '')
    .filter((source) => source.startsWith('/'))
    .map(
      (source) =>
        `directory=${shellWord(source)}; [ -e "$directory" ] || { mkdir -p "$directory"${owner}; } || fail "the directory $directory can't be made"`,
    );
}

function secretFiles({ name, container: { secrets = [] } }: Workload): SecretFile[] {
  return secrets
    .filter(({ name: path }) => path.startsWith('/'))
    .map(({ name: path }, index) => ({ source: `/run/gangway/${name}/secrets/${index}`, path }));
}

/** Root alone reaches the folder; whoever the container runs as reads the file. */
function fileLines(workload: Workload, source: string, index: number): string[] {
  const files = (workload.container.secrets ?? []).filter(({ name }) => name.startsWith('/'));
  const { name = '', ...reference } = files[index] ?? {};
  const version = versionName(reference, workload);
  return [
    `mkdir -p -m 0700 "$run/secrets"
said=$( { read_secret ${shellWord(version)} >${source}; } 2>&1 ) || fail ${shellWord(`the secret of ${name} can't be read:`)} "$said"
chmod 0444 ${source}`,
  ];
}

/** In a subshell of the one command: no other program gets them. The last letter keeps line breaks at the end. */
function variableLines(workload: Workload): string[] {
  return (workload.container.secrets ?? [])
    .filter(({ name }) => !name.startsWith('/'))
    .map(({ name, ...reference }) => {
      const version = shellWord(versionName(reference, workload));
      return `  ${name}=$(read_secret ${version} 2>"$run/said" && printf x) || fail ${shellWord(`the secret of ${name} can't be read:`)} "$(cat "$run/said")"
  export ${name}="\${${name}%x}"`;
    });
}

function versionName(
  { secret = '', version = 'latest' }: { readonly secret?: string; readonly version?: string },
  { projectId }: Workload,
): string {
  const full = secret.startsWith('projects/') ? secret : `projects/${projectId}/secrets/${secret}`;
  return `${full}/versions/${version}`;
}

/** A container that ends within seconds never ran: it is looked at until it has settled. */
const STAY = `start
status=$?
# What a secret failed with was told already.
[ "$status" = 1 ] && exit 1
[ "$status" = 0 ] || fail "the container can't be started: $(grep -v "^See 'docker" "$run/said" | tail -n 1)"
for ((second = 0; second < ${SETTLED}; second++)); do
  sleep 1
  [ "$(docker inspect --format '{{.State.Running}}' "$name" 2>/dev/null)" = true ] || break
done
[ "$second" = ${SETTLED} ] && report running "$(docker inspect --format '{{.Config.Image}}' "$name")"
status=$(docker wait "$name")
[ -e "$run/stopping" ] && exit 0
echo "gangway: the last lines of the container:"
docker logs --tail 20 "$name" 2>&1
fail "the container ended with status $status: $(docker logs --tail 1 "$name" 2>&1)"`;
