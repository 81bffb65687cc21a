import type { Report } from '../../diagnostic.ts';
import type { Place } from '../../place.ts';

/** Whether a text is the address of a backend as the gateway takes it: scheme, host and path, and nothing else. */
export function isAddress(text: string): boolean {
  return /^https?:\/\/[^/?#\s@]+(\/[^?#\s]*)?$/i.test(text) && isHost(hostOf(text));
}

/** Whether an address still waits for somebody, or some program, to fill it in. */
export function isPlaceholder(text: string): boolean {
  return MARKS.test(text) || WORDS.test(text) || /:\/\/.*:\/\//.test(text);
}

/** What templates put around a name: shell and Terraform, Jinja and Helm, Windows, ERB, angle brackets. */
const MARKS =
  /\$\{|\$\(|\$[A-Z_]{2,}|\{\{|\{%|<[^>]*>|%[A-Z_]{2,}%|@@|__[A-Z_]+__|\[[A-Z_ -]{3,}\]|\{[^{}]*\}/i;

/** Words that people leave for later, and names in capitals, which hosts don't have. */
const WORDS =
  /(replace|change|fill|insert)[-_ ]?(me|this|with|in|here)|place-?holder|\bto-?do\b|\btbd\b|\bxxx+\b|\byour[-_.]|[A-Z0-9]+_[A-Z0-9_]+/i;

/** Says what of an address can't be right, or shouldn't be so: the gateway is outside, and comes by the open internet. */
export function checkAddress(address: string, place: Place, report: Report): void {
  if (isPlaceholder(address))
    report('backend-placeholder', place, `The address of the backend, ${address}, was never filled in.`);
  else if (/^http:/i.test(address) && !isLocal(hostOf(address)))
    report('backend-http', place, `The gateway calls the backend ${address} without encryption.`);
}

function hostOf(address: string): string {
  return /^[a-z]+:\/\/([^/?#]*)/i.exec(address)?.[1] ?? '';
}

function isHost(host: string): boolean {
  return /^(\[[0-9a-f:.]+\]|[^\s:[\]{}<>$\\^`|"]+)(:\d{1,5})?$/i.test(host);
}

/** A machine of one's own, such as the local cloud. */
function isLocal(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(:\d+)?$/i.test(host);
}
