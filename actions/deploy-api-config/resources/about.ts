import { ActionError } from '@gangway/action';
import { hasStatus } from '@gangway/google-cloud';
import type { Description } from '@gangway/google-cloud/api-gateway';
import { finish, stepBack, TRIES, type Work } from '../plan/work.ts';
import type { Standing } from './standing.ts';

/** A resource whose display name and labels the inputs say. */
interface Subject {
  readonly what: string;
  readonly name: string;
  readonly displayName: string | undefined;
}

/** Gives what is there the display names and labels that were asked for; other labels stay. */
export async function ensureAbout(work: Work): Promise<void> {
  for (const subject of subjectsOf(work)) await ensure(work, subject);
}

/** What of it would change, in words, of what is there. */
export async function aboutSteps(work: Work): Promise<readonly string[]> {
  const steps = await Promise.all(
    subjectsOf(work).map(async (subject) => {
      const missing = await missingOf(work, subject);
      return missing ? [`set the ${wordsOf(missing)} of ${subject.what}`] : [];
    }),
  );
  return steps.flat();
}

/**
 * Refuses gateways that don't stream where they have to: only a new one can be made to.
 *
 * @throws ActionError `streaming`
 */
export async function checkStreaming(work: Work, standing: Standing): Promise<void> {
  const { gateways, inputs, plan } = work;
  if (!inputs.about.streaming) return;
  for (const [index, { location, gatewayName }] of plan.places.entries()) {
    const mode = standing[index] && (await gateways.getDescribed(gatewayName))?.effectiveStreamingMode;
    if (!mode || mode === 'EFFECTIVE_STREAMING_MODE_ENABLED') continue;
    throw new ActionError(
      `Input "streaming_mode" is enabled, but the gateway ${inputs.gateway} in ${location} does not stream, and Google never changes the mode of a gateway.`,
      {
        code: 'streaming',
        hint: `deploy under another name in "gateway", or delete this one first: gcloud api-gateway gateways delete ${inputs.gateway} --location=${location} --project=${plan.projectId}`,
      },
    );
  }
}

async function ensure(work: Work, subject: Subject): Promise<void> {
  const { gateways, changes } = work;
  for (let tries = 1; ; tries++) {
    const missing = await missingOf(work, subject);
    if (!missing) return;
    const words = wordsOf(missing);
    try {
      await finish(
        work,
        () => gateways.describe(subject.name, missing),
        `setting the ${words} of ${subject.what}`,
      );
      changes.push(`${words} of ${subject.what} set`);
      return;
    } catch (error) {
      // Another run works on it: what it leaves is read again.
      if (!hasStatus(error, 'ABORTED') || tries === TRIES) throw error;
      await stepBack(tries);
    }
  }
}

/** What has to be written to have it as asked for: of labels, all of them. */
async function missingOf(
  { gateways, inputs }: Work,
  { name, displayName }: Subject,
): Promise<Description | undefined> {
  const found = await gateways.getDescribed(name);
  if (!found) return undefined;
  const { labels = {} } = found;
  const wanted = Object.entries(inputs.about.labels);
  const missing = {
    ...(displayName && displayName !== found.displayName && { displayName }),
    ...(wanted.some(([label, value]) => labels[label] !== value) && {
      labels: { ...labels, ...inputs.about.labels },
    }),
  };
  return Object.keys(missing).length > 0 ? missing : undefined;
}

/** A preview touches what is its own only, and not the API. */
function subjectsOf({ plan, inputs }: Work): readonly Subject[] {
  const { labels, apiDisplayName, configDisplayName, gatewayDisplayName } = inputs.about;
  const all = [
    ...(inputs.preview
      ? []
      : [{ what: `the API ${inputs.api}`, name: plan.apiName, displayName: apiDisplayName }]),
    { what: `the config ${plan.configId}`, name: plan.configName, displayName: configDisplayName },
    ...plan.places.map(({ location, gatewayName }) => ({
      what: `the gateway ${inputs.gateway} in ${location}`,
      name: gatewayName,
      displayName: gatewayDisplayName,
    })),
  ];
  return all.filter(({ displayName }) => displayName || Object.keys(labels).length > 0);
}

function wordsOf({ displayName, labels }: Description): string {
  return [displayName && 'display name', labels && 'labels'].filter(Boolean).join(' and ');
}
