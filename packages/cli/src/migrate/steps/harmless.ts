import type { Unit } from '../model/outcome.ts';
import { textOf } from '../model/unit.ts';
import { programsIn } from '../shell/programs.ts';

/** Actions that neither sign in to Google nor look at what the Docker of the runner has. */
const ACTIONS =
  /^(actions\/(?!attest)[\w-]+|docker\/(setup|metadata|login)-[\w-]+|astral-sh\/setup-uv|pnpm\/action-setup|gradle\/[\w-]+|ruby\/setup-ruby|oven-sh\/setup-bun|denoland\/setup-deno|erlef\/setup-beam|google-github-actions\/(auth|setup-gcloud)|superfly\/flyctl-actions\/setup-flyctl|dorny\/paths-filter|step-security\/harden-runner|slackapi\/slack-github-action|peter-evans\/[\w-]+|marocchino\/sticky-pull-request-comment)(\/|@)/;

/** Programs that do so neither. */
const PROGRAMS = new Set(
  'echo printf true false : set export cd pwd ls cat test [ [[ sleep date mkdir cp mv rm touch chmod sed grep awk tr cut head tail sort wc jq yq exit curl git basename dirname tee seq readonly unset read local return shift wget base64'.split(
    ' ',
  ),
);

/** Whether a unit that stays can't need the sign-in of an earlier step, nor an image of the Docker of the runner. */
export function isHarmless(unit: Unit): boolean {
  if (unit.step.run === undefined) return ACTIONS.test(unit.step.uses ?? '');
  const text = textOf(unit);
  if (/\bsteps\.[\w-]+\.outputs\.(access_token|auth_token|id_token|credentials_file_path)\b/.test(text))
    return false;
  if (/GOOGLE_|CLOUDSDK_|GCLOUD_PROJECT|GCP_PROJECT\b|gha-creds/.test(text)) return false;
  return programsIn(text).every(({ name }) => PROGRAMS.has(name));
}

/** Programs that install, build and test, and call no other of their own accord. */
const TOOLS =
  /^(npm|npx|pnpm|yarn|bun|bunx|pip3?|poetry|uv|bundle|composer|cargo|go|mvnw?|gradlew?|mix|dotnet|pytest|ruff|flake8|black|mypy|eslint|tsc|apt-get|apt|sudo)$/;

/** Whether a unit that stays may call gcloud, docker or flyctl though that can't be seen: a script of the repository, another action. */
export function mayCall(unit: Unit): boolean {
  if (unit.step.run === undefined) return !ACTIONS.test(unit.step.uses ?? '');
  return programsIn(textOf(unit)).some(({ name, words }) => {
    if (TOOLS.test(name)) return /deploy|release|publish|docker|push|ship/.test(words.join(' '));
    return !PROGRAMS.has(name) && !/^(gcloud|docker|flyctl|fly)$/.test(name);
  });
}

/** Whether a unit runs a program whose name a pattern fits. */
export function runs(unit: Unit, name: RegExp): boolean {
  return unit.step.run !== undefined && programsIn(textOf(unit)).some((program) => name.test(program.name));
}
