import { html } from './console-html.js';
import { Command, clockText, Empty } from './console-parts.js';

/** The refusals, the newest first, one for all that say the same. @param {any[]} events */
export function refusalsIn(events) {
  /** @type {Map<string, any>} */
  const found = new Map();
  for (const event of events) {
    if (!event.refusal) continue;
    const key = `${event.refusal.message}\n${event.member ?? ''}`;
    const times = (found.get(key)?.times ?? 0) + 1;
    // What came last is to come first.
    found.delete(key);
    found.set(key, { ...event, times });
  }
  return [...found.values()].reverse();
}

/** What was refused, why, and what to do. @param {{ refusals: any[] }} props */
export function Refusals({ refusals }) {
  return html`<section aria-labelledby="refusals-title">
    <div class="bar"><h2 id="refusals-title">Refusals</h2></div>
    ${refusals.length === 0 && html`<${Empty}>Nothing was refused.<//>`}
    <div class="stack">${refusals.map((event) => html`<${RefusalCard} key=${event.id} event=${event} />`)}</div>
  </section>`;
}

/** @param {{ event: any }} props */
export function RefusalCard({ event }) {
  const { refusal, time, times, client, member, method, path, status, service } = event;
  return html`<article class="card refusal">
    <header>
      <h3>${refusal.code.replaceAll('_', ' ').toLowerCase()}</h3>
      <div class="aside quiet">${times > 1 ? `${times} times, last ` : ''}${clockText(time)}</div>
    </header>
    <p class="message">${refusal.message}</p>
    <p class="quiet request-line">
      <b>${status}</b> ${method} <span class="mono">${path}</span>
    </p>
    <p class="quiet">${[client, service, member].filter(Boolean).join(' · ')}</p>
    ${refusal.advice && html`<p class="advice">${refusal.advice}</p>`}
    ${refusal.command && html`<${Command} text=${refusal.command} />`}
  </article>`;
}
