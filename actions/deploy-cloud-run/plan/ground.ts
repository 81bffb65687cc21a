import { LATEST, REVISION } from '../api/allocation.ts';
import type { Service, Template, TrafficTarget } from '../api/resources.ts';
import type { Preview } from '../inputs/preview.ts';

/**
 * A preview of a pull request becomes the service's latest revision, and its settings the service's template. The next deploy must
 * not build on those. So each preview is marked, and the service remembers what was there before the first.
 */

/** The annotation of a revision that is one: `pr-7`. */
const PREVIEW = 'gangway.dev/preview';
/** The annotation of a service with the revision that the next deploy builds on. */
const GROUND = 'gangway.dev/ground';
/** The annotation of a service with what followed the latest revision: `hello-00003-abc 100 staging`, its share or 0 and tags. */
const FOLLOWED = 'gangway.dev/followed';

type Annotations = Readonly<Record<string, string>>;

/** The pull request whose preview a template or a revision is, e.g. `pr-7`. */
export function previewOf(of: { readonly annotations?: Annotations } | undefined): string | undefined {
  return of?.annotations?.[PREVIEW];
}

/** Id of the revision to build on, where the service's template is a preview's. */
export function groundOf(current: Service | undefined): string | undefined {
  return previewOf(current?.template) === undefined ? undefined : current?.annotations?.[GROUND];
}

/** The template, marked as a preview's or as none. */
export function marked(template: Template, preview: Preview | undefined): Template {
  const { [PREVIEW]: was, ...others } = template.annotations ?? {};
  if (!preview && was === undefined) return template;
  return { ...template, annotations: { ...others, ...(preview && { [PREVIEW]: preview.tag }) } };
}

/**
 * What a service has to remember, as annotations.
 *
 * @param makesRevision whether one is made now, on which later deploys build unless it is a preview
 */
export function remembered(
  current: Service | undefined,
  preview: Preview | undefined,
  makesRevision: boolean,
): Annotations {
  const { [GROUND]: ground, [FOLLOWED]: followed } = current?.annotations ?? {};
  const kept = { ...(ground && { [GROUND]: ground }), ...(followed && { [FOLLOWED]: followed }) };
  if (!current || !makesRevision) return kept;
  if (!preview) return {};
  return previewOf(current.template) === undefined
    ? { [GROUND]: lastPart(current.latestCreatedRevision), ...followers(current) }
    : kept;
}

/** The traffic with what followed the latest revision before the first preview following it again. */
export function followingAgain(current: Service): readonly TrafficTarget[] {
  const traffic = current.traffic ?? [];
  const [revision, percent, ...tags] = (current.annotations?.[FOLLOWED] ?? '').split(' ');
  if (!revision || previewOf(current.template) === undefined) return traffic;
  return traffic.map(({ type, revision: id, ...target }) => {
    const isFollower =
      id === revision && (target.tag ? tags.includes(target.tag) : percent !== '0' && !target.tag);
    return isFollower
      ? { ...target, type: LATEST }
      : { ...target, type: type ?? REVISION, revision: id ?? '' };
  });
}

function followers({ traffic = [], latestReadyRevision }: Service): Annotations {
  const following = traffic.filter(({ type, revision }) => type === LATEST || (!type && !revision));
  if (following.length === 0) return {};
  const percent = following.reduce((sum, target) => sum + (target.percent ?? 0), 0);
  const tags = following.flatMap(({ tag }) => tag ?? []);
  return { [FOLLOWED]: [lastPart(latestReadyRevision), percent, ...tags].join(' ') };
}

function lastPart(name = ''): string {
  return name.split('/').at(-1) ?? '';
}
