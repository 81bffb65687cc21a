import { useState } from 'preact/hooks';
import { html } from './console-html.js';
import { clockText, Empty, timeText } from './console-parts.js';

/** Ticks of a step: as many as its requests, up to this. */
const TICKS = 80;

/** @param {any} event */
function toneOf({ status, refusal }) {
  if (status >= 500 || (refusal && status < 400)) return 'bad';
  if (refusal) return 'bad';
  return status >= 400 ? 'quiet' : 'good';
}

/** The requests by the run that sent them, newest run first. @param {any[]} events */
function stepsOf(events) {
  /** @type {Map<number, any[]>} */
  const steps = new Map();
  for (const event of events) {
    const there = steps.get(event.step);
    if (there) there.push(event);
    else steps.set(event.step, [event]);
  }
  return [...steps].map(([number, requests]) => ({ number, requests })).reverse();
}

/** @param {any} event @param {string} text */
function isAskedFor(event, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const about = `${event.client} ${event.method} ${event.path} ${event.status} ${event.service ?? ''} ${event.member ?? ''}`;
  return words.every((word) => about.toLowerCase().includes(word));
}

/** What asked the local cloud what, as it happens. @param {{ events: any[] }} props */
export function Timeline({ events }) {
  const [text, setText] = useState('');
  const [onlyRefused, setOnlyRefused] = useState(false);
  const shown = events.filter((event) => (!onlyRefused || event.refusal) && isAskedFor(event, text));
  const steps = stepsOf(shown);
  return html`<section aria-labelledby="timeline-title">
    <div class="bar">
      <h2 id="timeline-title">Timeline</h2>
      <input
        type="search"
        aria-label="Filter the timeline"
        placeholder="Filter: docker, POST, 403, /v2/ …"
        value=${text}
        onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}
      />
      <label class="check">
        <input
          type="checkbox"
          checked=${onlyRefused}
          onChange=${(/** @type {any} */ event) => setOnlyRefused(event.currentTarget.checked)}
        />
        Only refusals
      </label>
      <span class="quiet count">${shown.length === events.length ? '' : `${shown.length} of `}${events.length} requests</span>
    </div>
    ${
      steps.length === 0 &&
      html`<${Empty}>
        ${events.length > 0 ? 'No request is like that.' : html`No request yet. Run your workflow with <code>gangway run</code>, or point a client here with <code>eval "$(gangway env)"</code>.`}
      <//>`
    }
    <ol class="steps">
      ${steps.map(({ number, requests }, index) => html`<${Step} key=${number} requests=${requests} isLast=${index === 0} />`)}
    </ol>
  </section>`;
}

/** @param {{ requests: any[], isLast: boolean }} props */
function Step({ requests, isLast }) {
  // The newest is open until somebody says otherwise.
  const [chosen, setChosen] = useState(/** @type {boolean | undefined} */ (undefined));
  const isOpen = chosen ?? isLast;
  const [first] = requests;
  const begun = Math.min(...requests.map(({ time, took }) => time - took));
  const ended = Math.max(...requests.map(({ time }) => time));
  const refused = requests.filter(({ refusal }) => refusal).length;
  const services = byFrequency(requests.flatMap(({ service }) => service ?? []));
  const members = byFrequency(requests.flatMap(({ member }) => member ?? []));
  return html`<li class=${refused > 0 ? 'step bad' : 'step'}>
    <button
      type="button"
      class="head"
      aria-expanded=${isOpen}
      onClick=${() => setChosen(!isOpen)}
    >
      <time datetime=${new Date(begun).toISOString()}>${clockText(begun)}</time>
      <span class="name">${first.client}</span>
      <span class="ticks" aria-hidden="true">
        ${requests.slice(-TICKS).map((event) => html`<i class=${toneOf(event)}></i>`)}
      </span>
      <span class="sum">
        ${refused > 0 && html`<b class="refused">${refused} refused</b>`}
        <span>${requests.length} ${requests.length === 1 ? 'request' : 'requests'}</span>
        <span class="took">${timeText(ended - begun)}</span>
      </span>
      <span class="about">${[...members.slice(0, 1), ...services].join(' · ')}</span>
    </button>
    ${isOpen && html`<${Requests} requests=${requests} begun=${begun} whole=${Math.max(1, ended - begun)} />`}
  </li>`;
}

/** Each once, the most frequent first. @param {string[]} words */
function byFrequency(words) {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word);
}

/** @param {{ requests: any[], begun: number, whole: number }} props */
function Requests({ requests, begun, whole }) {
  const [isWhole, setWhole] = useState(false);
  const most = 100;
  const left = isWhole ? 0 : Math.max(0, requests.length - most);
  return html`<div class="requests">
    ${left > 0 && html`<button type="button" class="link" onClick=${() => setWhole(true)}>Show ${left} earlier requests</button>`}
    <ol>
      ${requests.slice(left).map(
        (event) => html`<li key=${event.id} class=${`request ${toneOf(event)}`}>
          <span class="status">${event.status}</span>
          <span class="method">${event.method}</span>
          <span class="path" title=${event.path}>${event.path}</span>
          <span class="track" aria-hidden="true"><i style=${place(event, begun, whole)}></i></span>
          <span class="took">${timeText(event.took)}</span>
          ${event.refusal && html`<span class="why">${event.refusal.message}</span>`}
        </li>`,
      )}
    </ol>
  </div>`;
}

/** Where a request lies in its step. @param {any} event @param {number} begun @param {number} whole */
function place({ time, took }, begun, whole) {
  const left = Math.max(0, ((time - took - begun) / whole) * 100);
  return {
    left: `${Math.min(left, 99)}%`,
    width: `${Math.max(1, Math.min(100 - left, (took / whole) * 100))}%`,
  };
}
