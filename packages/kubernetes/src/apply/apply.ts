import { ActionError } from '@gangway/action/error';
import type { Kubernetes } from '../api/client.ts';
import { isKubernetesError, type KubernetesError } from '../api/error.ts';
import { type KubernetesObject, nameOf, OBJECT } from '../objects/object.ts';

/** By this name the server remembers which fields are ours. */
export const FIELD_MANAGER = 'gangway';
const OWN_MANAGERS = /^gangway(-|$)/;

/** One object, and where it is or is to be. */
export interface Target {
  /** As it is sent. */
  readonly wanted: KubernetesObject;
  /** From the server's root. */
  readonly path: string;
  /** For messages, e.g. `k8s/web.yaml:12`. */
  readonly where: string;
}

export interface ApplyOptions {
  /** The server checks everything and keeps nothing. */
  readonly dryRun: boolean;
  /** Takes fields over that others own. */
  readonly force: boolean;
}

/** An object as it is now; undefined where there is none. @throws KubernetesError */
export async function look(cluster: Kubernetes, path: string): Promise<KubernetesObject | undefined> {
  try {
    return await cluster.request({ method: 'GET', path, answer: OBJECT });
  } catch (error) {
    if (isKubernetesError(error, 404)) return undefined;
    throw error;
  }
}

/**
 * Makes an object what it is to be, by server-side apply. Fields of our own that an earlier run wrote in another way are no conflict.
 *
 * @returns the object as it is then; on a dry run, as it would be
 * @throws ActionError `conflict` that names the fields and who owns them, `manifest-refused` with what the server finds wrong
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export async function apply(
  cluster: Kubernetes,
  { wanted, path, where }: Target,
  { dryRun, force }: ApplyOptions,
): Promise<KubernetesObject> {
  const send = (forced: boolean) =>
    cluster.request({
      method: 'PATCH',
      path,
      query: {
        fieldManager: FIELD_MANAGER,
        fieldValidation: 'Strict',
        force: String(forced),
        dryRun: dryRun ? 'All' : undefined,
      },
      type: 'application/apply-patch+yaml',
      body: wanted,
      answer: OBJECT,
    });
  try {
    return await send(force);
  } catch (error) {
    if (isKubernetesError(error, 409) && error.causes.length > 0) {
      const others = error.causes.filter(({ message }) => !OWN_MANAGERS.test(ownerIn(message)));
      if (others.length > 0) throw conflict(error, others, wanted, where);
      return await send(true);
    }
    if (isKubernetesError(error, 400) || isKubernetesError(error, 422)) throw refused(error, wanted, where);
    throw error;
  }
}

/** `conflict with "kubectl-client-side-apply" using apps/v1` */
function ownerIn(message: string): string {
  return /conflict with "([^"]*)"/.exec(message)?.[1] ?? '';
}

function conflict(
  cause: KubernetesError,
  causes: KubernetesError['causes'],
  wanted: KubernetesObject,
  where: string,
): ActionError {
  const lines = causes.map(({ field, message }) => `  ${field} is owned by "${ownerIn(message) || message}"`);
  return new ActionError(
    `${nameOf(wanted)} (${where}) sets fields that something else has set to other values:\n${lines.join('\n')}`,
    {
      code: 'conflict',
      hint: "leave these fields out of the manifest, such as spec.replicas with an autoscaler; or set force_conflicts to true, which sets them to the manifest's values and makes this action their owner",
      cause,
    },
  );
}

function refused(cause: KubernetesError, wanted: KubernetesObject, where: string): ActionError {
  const immutable = /field is immutable/.test(cause.detail);
  return new ActionError(`${nameOf(wanted)} (${where}) was rejected by the cluster: ${cause.detail}`, {
    code: 'manifest-refused',
    hint: immutable
      ? 'the field can only be set when the object is created: give the object another name, or delete it first'
      : 'correct the manifest; "kubectl explain" lists the fields of a kind',
    cause,
  });
}
