import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { Access } from './console-access.js';
import { Fly } from './console-fly.js';
import { Gateways } from './console-gateways.js';
import { html } from './console-html.js';
import { Images } from './console-images.js';
import { addressOf, useInventory, usePart, useTimeline } from './console-live.js';
import { Address, Empty } from './console-parts.js';
import { RefusalCard, Refusals, refusalsIn } from './console-refusals.js';
import { CloudRun } from './console-run.js';
import { Timeline } from './console-timeline.js';

/** @param {any} inventory @param {any[]} refusals */
function partsOf(inventory, refusals) {
  const {
    services = [],
    jobs = [],
    workerPools = [],
    gateways = [],
    repositories = [],
    apps = [],
  } = inventory ?? {};
  const images = repositories.reduce(
    (/** @type {number} */ sum, /** @type {any} */ one) => sum + one.images.length,
    0,
  );
  return [
    { id: 'timeline', title: 'Timeline', count: 0 },
    { id: 'refusals', title: 'Refusals', count: refusals.length, isBad: true },
    { id: 'run', title: 'Cloud Run', count: services.length + jobs.length + workerPools.length },
    { id: 'gateways', title: 'Gateways', count: gateways.length },
    { id: 'images', title: 'Images', count: images },
    { id: 'fly', title: 'Fly.io', count: apps.length },
    { id: 'access', title: 'Access', count: 0 },
  ];
}

function App() {
  const { events, isLive } = useTimeline();
  const { inventory, problem } = useInventory(events);
  const [part, go] = usePart();
  const follow = (/** @type {string} */ id) => (/** @type {MouseEvent} */ event) => {
    // Another tab, if the person asks for one.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(id);
  };
  const refusals = refusalsIn(events);
  // On a narrow page the parts are a row that is longer than the page.
  useEffect(() => {
    document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [part]);
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to the content</a>
    <header class="top">
      <h1><img src="/_gangway/console/icon.svg" alt="" width="24" height="24" /> Gangway <span>local cloud</span></h1>
      <p class="where">
        <span class=${isLive ? 'live' : 'live gone'} role="status">${isLive ? 'live' : 'not connected'}</span>
        ${inventory && html`<span class="mono">${inventory.project}</span> <span class="mono quiet">${inventory.origin}</span>`}
      </p>
    </header>
    <nav aria-label="Parts of the local cloud">
      <ul>
        ${partsOf(inventory, refusals).map(
          ({ id, title, count, isBad }) => html`<li>
            <a href=${addressOf(id)} onClick=${follow(id)} aria-current=${part === id ? 'page' : undefined}>
              ${title} ${count > 0 && html`<span class=${isBad ? 'number bad' : 'number'}>${count}</span>`}
            </a>
          </li>`,
        )}
      </ul>
    </nav>
    <main id="main" tabindex="-1" class=${part === 'timeline' ? 'wide' : ''}>
      <${Part} part=${part} events=${events} inventory=${inventory} problem=${problem} refusals=${refusals} follow=${follow} />
    </main>
  `;
}

/** @param {{ part: string, events: any[], inventory: any, problem: string, refusals: any[], follow: (id: string) => any }} props */
function Part({ part, events, inventory, problem, refusals, follow }) {
  if (part === 'refusals') return html`<${Refusals} refusals=${refusals} />`;
  if (part === 'timeline')
    return html`<${Timeline} events=${events} /><${Overview} inventory=${inventory} refusals=${refusals} follow=${follow} />`;
  if (problem)
    return html`<p class="message" role="alert">The local cloud can't say what there is: ${problem}</p>`;
  if (!inventory) return html`<${Empty}>Looking …<//>`;
  const parts = { run: CloudRun, gateways: Gateways, images: Images, fly: Fly, access: Access };
  const Found = /** @type {any} */ (parts)[part];
  return Found
    ? html`<${Found} inventory=${inventory} />`
    : html`<${Empty}>The console has no part of that name.<//>`;
}

/** What answers where, and what was refused last: beside the timeline. @param {{ inventory: any, refusals: any[], follow: (id: string) => any }} props */
function Overview({ inventory, refusals, follow }) {
  const { services = [], gateways = [], apps = [] } = inventory ?? {};
  const rows = [
    ...gateways.map((/** @type {any} */ one) => ({ ...one, kind: 'gateway' })),
    ...services.map((/** @type {any} */ one) => ({ ...one, kind: 'Cloud Run' })),
    ...apps
      .filter((/** @type {any} */ { url }) => url)
      .map((/** @type {any} */ one) => ({ ...one, kind: 'Fly.io' })),
  ];
  return html`<aside aria-label="At a glance">
    <h2>What answers</h2>
    ${rows.length === 0 && html`<${Empty}>Nothing is deployed yet.<//>`}
    <ul class="answers">
      ${rows.map(
        ({ kind, name, url }) => html`<li>
          <span><b>${name}</b> <span class="quiet">${kind}</span></span>
          <${Address} url=${url} />
        </li>`,
      )}
    </ul>
    <h2>Last refusals</h2>
    ${refusals.length === 0 && html`<${Empty}>Nothing was refused.<//>`}
    <div class="stack">
      ${refusals.slice(0, 3).map((event) => html`<${RefusalCard} key=${event.id} event=${event} />`)}
    </div>
    ${refusals.length > 3 && html`<p><a href=${addressOf('refusals')} onClick=${follow('refusals')}>All ${refusals.length} refusals</a></p>`}
  </aside>`;
}

/** Leaves the address as it is. @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

render(html`<${App} />`, document.body);
