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

/** Whether a unit runs a program whose name a pattern fits. */
export function runs(unit: Unit, name: RegExp): boolean {
  return unit.step.run !== undefined && programsIn(textOf(unit)).some((program) => name.test(program.name));
}
