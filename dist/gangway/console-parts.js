import { useState } from 'preact/hooks';
import { html } from './console-html.js';
import { useLogs } from './console-live.js';

/** @typedef {'good' | 'bad' | 'busy' | 'plain'} Tone */

/** A word on what state something is in. @param {{ tone?: Tone, children?: any }} props */
export function Badge({ tone = 'plain', children }) {
  return html`<span class=${`badge ${tone}`}>${children}</span>`;
}

/** @param {string} state @returns {Tone} */
export function toneOf(state) {
  const word = state.toLowerCase();
  if (/ready|active|started|deployed|passing|complete|enabled|succeeded/.test(word) && !/inactive/.test(word))
    return 'good';
  if (/fail|critical|interrupted|destroyed/.test(word)) return 'bad';
  return /progress|ing$|pending|created/.test(word) ? 'busy' : 'plain';
}

/** A link to what was deployed; anything but http is shown as text. @param {{ url: string }} props */
export function Address({ url }) {
  if (!/^https?:\/\//.test(url)) return html`<span class="quiet">${url || 'no address'}</span>`;
  return html`<a class="mono" href=${url} target="_blank" rel="noreferrer noopener">${url}</a>`;
}

/** A command that can be copied. @param {{ text: string, label?: string }} props */
export function Command({ text, label = 'Copy the command' }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return html`<div class="command">
    <code tabindex="0">${text}</code>
    <button type="button" onClick=${copy} aria-label=${label}>${isCopied ? 'Copied' : 'Copy'}</button>
  </div>`;
}

/** What is shown where there is nothing yet. @param {{ children?: any }} props */
export function Empty({ children }) {
  return html`<p class="empty">${children}</p>`;
}

/** Something that was deployed. @param {{ title: any, aside?: any, children?: any, id?: string }} props */
export function Card({ title, aside, children, id }) {
  return html`<article class="card" id=${id}>
    <header><h3>${title}</h3><div class="aside">${aside}</div></header>
    ${children}
  </article>`;
}

/**
 * A table that a narrow page scrolls by itself.
 * @param {{ label: string, head: string[], rows: any[][], numbers?: number[] }} props
 */
export function Table({ label, head, rows, numbers = [] }) {
  const side = (/** @type {number} */ index) => (numbers.includes(index) ? 'number' : '');
  return html`<div class="table" role="region" aria-label=${label} tabindex="0">
    <table>
      <thead><tr>${head.map((name, index) => html`<th scope="col" class=${side(index)}>${name}</th>`)}</tr></thead>
      <tbody>
        ${rows.map((row) => html`<tr>${row.map((cell, index) => html`<td class=${side(index)}>${cell}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

/** More of something, once it is asked for. @param {{ label: any, children: () => any }} props */
export function More({ label, children }) {
  const [isOpen, setOpen] = useState(false);
  return html`<details class="more" onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
    <summary>${label}</summary>
    ${isOpen && children()}
  </details>`;
}

/** What a service or an app wrote. @param {{ of: string, name: string }} props */
export function Logs({ of, name }) {
  const logs = useLogs(of);
  if (!logs) return html`<${Empty}>Reading …<//>`;
  if (logs.lines.length === 0) return html`<${Empty}>It wrote nothing yet.<//>`;
  return html`<div class="logs" role="log" aria-label=${`Logs of ${name}`} tabindex="0">
    ${logs.left > 0 && html`<p class="quiet">${logs.left} earlier lines are not shown.</p>`}
    ${logs.lines.map(
      ({ time, instance, text }) =>
        html`<div><time>${time.slice(11, 23)}</time> <b>${instance}</b> ${text}</div>`,
    )}
  </div>`;
}

/** A digest as people tell two apart. @param {{ digest: string }} props */
export function Digest({ digest }) {
  return html`<code title=${digest}>${digest.replace(/^sha256:/, '').slice(0, 12)}</code>`;
}

/** An image without its registry. @param {{ name: string }} props */
export function ImageName({ name }) {
  const short = name.replace(/^[^/]+\//, '').replace(/@sha256:([0-9a-f]{12})[0-9a-f]+$/, '@$1');
  return html`<code title=${name}>${short}</code>`;
}

/** @param {number} bytes */
export function sizeText(bytes) {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 || bytes / 1000 ** power >= 100 ? 0 : 1)} ${units[power]}`;
}

/** @param {number} milliseconds */
export function timeText(milliseconds) {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

/** A time of day on this machine, as people read logs. @param {number | string} time */
export function clockText(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleTimeString('en-GB');
}
