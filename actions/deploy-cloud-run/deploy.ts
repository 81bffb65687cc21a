import { ActionError, cancellation, log, seconds } from '@gangway/action';
import { type GoogleCloud, isGoogleError, type Operation, waitForOperation } from '@gangway/google-cloud';
import type { Inputs } from './inputs.ts';
import { type Service, sameTemplate, wantedTemplate } from './service.ts';

export interface DeployResult {
  readonly service: Service;
  readonly change: 'created' | 'updated' | 'none';
}

/**
 * Creates or updates the service so that it runs the image, and waits until it does.
 *
 * @param image by digest, or a reference that Cloud Run is to resolve
 */
export async function deployService(
  cloud: GoogleCloud,
  projectId: string,
  image: string,
  inputs: Inputs,
): Promise<DeployResult> {
  const parent = `v2/projects/${projectId}/locations/${inputs.region}/services`;
  const path = `${parent}/${inputs.service}`;
  const current = await get(cloud, path);
  const template = wantedTemplate(current?.template, image, inputs);
  if (current && sameTemplate(current.template, template) && isServing(current)) {
    log.info(`${inputs.service} runs this image with these settings already.`);
    return { service: current, change: 'none' };
  }
  const started = current
    ? await cloud.request<Operation<Service>>({
        service: 'run',
        method: 'PATCH',
        path,
        query: { updateMask: 'template' },
        body: { template, ...(current.etag && { etag: current.etag }) },
      })
    : await create(cloud, parent, inputs.service, template);
  await waitForOperation(cloud, 'run', 'v2', started, `rolling out ${inputs.service}`, {
    timeout: inputs.timeout,
    signal: cancellation,
    onProgress: (elapsed) => log.info(`Still rolling out after ${seconds(elapsed)}…`),
  });
  const service = await get(cloud, path);
  if (!service || !isServing(service)) {
    throw new ActionError(
      `The service ${inputs.service} is not ready: ${service?.terminalCondition?.message ?? 'it is gone'}`,
      {
        code: 'not-ready',
        hint: 'look at the logs of its newest revision; the one before goes on serving',
      },
    );
  }
  return { service, change: current ? 'updated' : 'created' };
}

async function get(cloud: GoogleCloud, path: string): Promise<Service | undefined> {
  try {
    return await cloud.request<Service>({ service: 'run', method: 'GET', path });
  } catch (error) {
    if (isGoogleError(error, 404)) return undefined;
    throw error;
  }
}

async function create(
  cloud: GoogleCloud,
  parent: string,
  service: string,
  template: Service['template'],
): Promise<Operation<Service>> {
  try {
    return await cloud.request<Operation<Service>>({
      service: 'run',
      method: 'POST',
      path: parent,
      query: { serviceId: service },
      body: { template },
    });
  } catch (error) {
    if (!isGoogleError(error, 409)) throw error;
    // A retried create whose first answer was lost: make what is there the same.
    return cloud.request<Operation<Service>>({
      service: 'run',
      method: 'PATCH',
      path: `${parent}/${service}`,
      query: { updateMask: 'template' },
      body: { template },
    });
  }
}

function isServing({ terminalCondition }: Service): boolean {
  return terminalCondition?.state === undefined || terminalCondition.state === 'CONDITION_SUCCEEDED';
}
