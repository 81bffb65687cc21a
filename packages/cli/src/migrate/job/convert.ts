import { type Outcome, STAYS, type Unit } from '../model/outcome.ts';
import type { Job, Step, WorkflowText } from '../model/workflow.ts';
import { buildPush } from '../steps/build-action.ts';
import { deployCloudRun } from '../steps/cloud-run.ts';
import { type Files, JobContext } from '../steps/context.ts';
import { flyctlAction, reviewApp } from '../steps/fly-actions.ts';
import { stays } from '../steps/place.ts';
import { script } from '../steps/script.ts';
import { logIn, signIn } from '../steps/sign-in.ts';
import { settle } from './settle.ts';

/** Actions, by the beginning of their name, and what becomes of a step that uses one. */
const ACTIONS: readonly (readonly [name: RegExp, convert: (unit: Unit, context: JobContext) => Outcome])[] = [
  [/^google-github-actions\/auth@/, signIn],
  [/^(google-github-actions|GoogleCloudPlatform\/github-actions)\/setup-gcloud@/, signIn],
  [/^docker\/login-action@/, logIn],
  [/^docker\/build-push-action@/, buildPush],
  [/^(google-github-actions|GoogleCloudPlatform\/github-actions)\/deploy-cloudrun@/, deployCloudRun],
  [/^superfly\/flyctl-actions\/setup-flyctl@/, installFlyctl],
  [/^superfly\/flyctl-actions(@|\/flyctl-actions@)/, flyctlAction],
  [/^superfly\/fly-pr-review-apps@/, reviewApp],
  [/^docker\/bake-action@/, because('builds by a file of bake, and one step builds one image')],
  [/^google-github-actions\/deploy-(appengine|cloud-functions)@/, because('no action here deploys there')],
  [
    /^google-github-actions\/(get-gke-credentials|release-cloud-deploy|create-cloud-deploy-release)@/,
    because('no action here deploys there'),
  ],
  [
    /^(RafikFarhad\/push-to-gcr-github-action|stefda\/action-cloud-run|mattes\/gce-cloudsql-proxy-action|actions-hub\/gcloud)@/,
    because(
      'it is not known here: write gcloud, docker or the actions of google-github-actions in its place',
    ),
  ],
];

/** Reads the steps of a job in their order, and says what becomes of each. */
export function convertJob(workflow: WorkflowText, job: Job, files: Files): JobContext {
  const context = new JobContext(workflow, job, files);
  for (const step of job.steps) convertStep(step, context);
  settle(context);
  return context;
}

function convertStep(step: Step, context: JobContext): void {
  if (step.run !== undefined) {
    script(step, context);
    return;
  }
  const unit: Unit = { step, outcome: STAYS };
  context.units.push(unit);
  context.folder = '.';
  context.isOpaque = false;
  context.isLost = false;
  const [, convert] = ACTIONS.find(([name]) => name.test(step.uses ?? '')) ?? [];
  if (!convert) return;
  // One step that takes its place has its id, and ends as it did.
  const isJudged = context.isJudged(step) && (convert === flyctlAction || step.with.source !== undefined);
  const why = step.odd ?? (isJudged ? 'another step looks at how it ended' : undefined);
  unit.outcome = why === undefined ? convert(unit, context) : stays(why);
}

function installFlyctl(): Outcome {
  return { kind: 'left', why: 'fly-deploy brings flyctl, whose digest it checks', for: 'fly' };
}

function because(why: string): () => Outcome {
  return () => stays(why);
}
