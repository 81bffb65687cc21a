import { ActionError, log } from '@gangway/action';
import { TEMPLATE, TEMPLATES, type Template } from '@gangway/compute';
import { GoogleError, isGoogleError } from '@gangway/google-cloud';
import { normal } from '@gangway/settings';
import type { Place } from '../place.ts';
import { metadataOf } from '../plan/metadata.ts';
import { isOwnTemplate, type WantedTemplate } from '../plan/template.ts';

const FOLDER = 'global/instanceTemplates';

export function findTemplate({ compute }: Place, name: string): Promise<Template | undefined> {
  return compute.find(`${FOLDER}/${name}`, TEMPLATE);
}

/**
 * Makes a template that isn't there yet. One that is there has the same content, since its name says so.
 *
 * @throws ActionError `template-foreign` when somebody else made one of that name with other user data
 */
export async function ensureTemplate(place: Place, { name, body }: WantedTemplate): Promise<void> {
  const wanted = userDataOf(body);
  const refuseOther = (found: Template) => {
    if (normal(userDataOf(found)) === normal(wanted)) return;
    throw new ActionError(`A template ${name} that boots something else already exists.`, {
      code: 'template-foreign',
      hint: `delete it: gcloud compute instance-templates delete ${name}`,
    });
  };
  const found = await findTemplate(place, name);
  if (found) return refuseOther(found);
  try {
    await place.compute.write({
      method: 'POST',
      path: FOLDER,
      body,
      what: `making the template ${name}`,
      timeout: place.left(),
    });
  } catch (error) {
    // Another run with the same image was faster.
    if (!isGoogleError(error, 409)) throw error;
    const made = await findTemplate(place, name);
    if (!made) throw error;
    refuseOther(made);
  }
}

function userDataOf({ properties = {} }: Pick<Template, 'properties'>): string {
  return metadataOf(properties).get('user-data') ?? '';
}

/**
 * Deletes the templates of a group's earlier deploys but for the newest. What it can't do is a warning: the deploy is done.
 *
 * @param keep how many stay besides those that are used
 * @param used names
 */
export async function pruneTemplates(
  place: Place,
  group: string,
  used: readonly string[],
  keep: number,
): Promise<void> {
  try {
    const own = (await allTemplates(place)).filter((template) => isOwnTemplate(template, group));
    const old = own
      .filter(({ name }) => !used.includes(name))
      .sort((one, other) => ((one.creationTimestamp ?? '') < (other.creationTimestamp ?? '') ? 1 : -1))
      .slice(keep);
    for (const { name } of old) await deleteTemplate(place, name);
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    log.warning(`Old templates of ${group} were not deleted: ${error.message}`);
  }
}

async function deleteTemplate(place: Place, name: string): Promise<void> {
  try {
    const what = `deleting the template ${name}`;
    await place.compute.write({ method: 'DELETE', path: `${FOLDER}/${name}`, what, timeout: place.left() });
    log.info(`Deleted the template ${name} of an earlier deploy.`);
  } catch (error) {
    // An instance is made of it still, or another run has deleted it.
    const reason = error instanceof ActionError ? error.message : '';
    if (!isGoogleError(error, 404) && !/in ?use/i.test(reason)) throw error;
  }
}

async function allTemplates({ compute }: Place): Promise<readonly Template[]> {
  const all: Template[] = [];
  let pageToken = '';
  do {
    const query = { maxResults: '500', ...(pageToken && { pageToken }) };
    const page: { items?: readonly Template[]; nextPageToken?: string } = await compute.read(
      FOLDER,
      TEMPLATES,
      { query },
    );
    all.push(...(page.items ?? []));
    pageToken = page.nextPageToken ?? '';
  } while (pageToken && all.length < MOST);
  return all;
}

/** Templates that are looked through. */
const MOST = 5000;
