import { html } from './console-html.js';
import {
  Address,
  Badge,
  Card,
  clockText,
  Empty,
  ImageName,
  Logs,
  More,
  Table,
  toneOf,
} from './console-parts.js';

/** Services, jobs and worker pools of Cloud Run. @param {{ inventory: any }} props */
export function CloudRun({ inventory: { services, jobs, workerPools } }) {
  return html`<section aria-labelledby="run-title">
    <div class="bar"><h2 id="run-title">Cloud Run</h2></div>
    ${services.length + jobs.length + workerPools.length === 0 && html`<${Empty}>Nothing is deployed to Cloud Run yet.<//>`}
    <div class="stack">
      ${services.map((/** @type {any} */ service) => html`<${Service} key=${service.location + service.name} service=${service} />`)}
      ${jobs.map((/** @type {any} */ job) => html`<${Job} key=${job.location + job.name} job=${job} />`)}
      ${workerPools.map((/** @type {any} */ pool) => html`<${Pool} key=${pool.location + pool.name} pool=${pool} />`)}
    </div>
  </section>`;
}

/** @param {{ service: any }} props */
function Service({ service }) {
  const { name, location, url, state, message, isOpen, account, revisions, ingress } = service;
  return html`<${Card}
    title=${name}
    aside=${html`<${Badge}>${location}<//> <${Badge}>${isOpen ? 'public' : 'needs a token'}<//> <${Badge} tone=${toneOf(state)}>${state}<//>`}
  >
    <p><${Address} url=${url} /></p>
    ${state === 'failed' && html`<p class="message">${message}</p>`}
    <p class="quiet">runs as ${account}, ingress ${ingress}</p>
    <${Table}
      label=${`Revisions of ${name}`}
      head=${['Revision', 'Traffic', 'Tags', 'Image', 'Made', 'State']}
      rows=${revisions.map((/** @type {any} */ revision) => [
        html`<code>${revision.name}</code>`,
        html`<${Share} percent=${revision.percent} />`,
        revision.tags.map(
          (/** @type {any} */ { tag, url }) =>
            html`<a href=${/^https?:/.test(url) ? url : undefined} target="_blank" rel="noreferrer noopener">${tag}</a> `,
        ),
        revision.images.map((/** @type {string} */ image) => html`<div><${ImageName} name=${image} /></div>`),
        clockText(revision.created),
        html`<${Badge} tone=${toneOf(revision.state)}>${revision.state}<//>`,
      ])}
    />
    <${More} label="Logs">${() => html`<${Logs} of=${`run/${name}`} name=${name} />`}<//>
  <//>`;
}

/** The share of requests that a revision gets. @param {{ percent: number }} props */
function Share({ percent }) {
  return html`<span class="share"><i style=${{ width: `${percent}%` }} aria-hidden="true"></i><span>${percent}%</span></span>`;
}

/** @param {{ job: any }} props */
function Job({ job: { name, location, images, executions } }) {
  return html`<${Card} title=${name} aside=${html`<${Badge}>${location}<//> <${Badge}>job<//>`}>
    <p>${images.map((/** @type {string} */ image) => html`<${ImageName} name=${image} /> `)}</p>
    ${executions.length === 0 && html`<${Empty}>It was not executed yet.<//>`}
    ${
      executions.length > 0 &&
      html`<${Table}
        label=${`Executions of ${name}`}
        head=${['Execution', 'Tasks', 'Succeeded', 'Failed', 'Running', 'Started', 'Ended']}
        numbers=${[1, 2, 3, 4]}
        rows=${executions.map((/** @type {any} */ one) => [
          html`<code>${one.name}</code>`,
          one.tasks,
          one.succeeded,
          one.failed,
          one.running,
          clockText(one.created),
          one.ended ? clockText(one.ended) : html`<${Badge} tone="busy">running<//>`,
        ])}
      />`
    }
    <${More} label="Logs">${() => html`<${Logs} of=${`run/${name}`} name=${name} />`}<//>
  <//>`;
}

/** @param {{ pool: any }} props */
function Pool({ pool: { name, location, state, message, serves, images, instances } }) {
  return html`<${Card}
    title=${name}
    aside=${html`<${Badge}>${location}<//> <${Badge}>worker pool<//> <${Badge} tone=${toneOf(state)}>${state}<//>`}
  >
    ${state === 'failed' && html`<p class="message">${message}</p>`}
    <p><code>${serves}</code> ${instances} ${instances === 1 ? 'instance' : 'instances'}</p>
    <p>${images.map((/** @type {string} */ image) => html`<${ImageName} name=${image} /> `)}</p>
    <${More} label="Logs">${() => html`<${Logs} of=${`run/${name}`} name=${name} />`}<//>
  <//>`;
}
