import { html } from './console-html.js';
import { Address, Badge, Card, clockText, Empty, Logs, More, Table, toneOf } from './console-parts.js';

/** Apps of Fly.io and their machines. @param {{ inventory: any }} props */
export function Fly({ inventory: { apps } }) {
  return html`<section aria-labelledby="fly-title">
    <div class="bar"><h2 id="fly-title">Fly.io</h2></div>
    ${apps.length === 0 && html`<${Empty}>There is no app yet.<//>`}
    <div class="stack">${apps.map((/** @type {any} */ app) => html`<${App} key=${app.name} app=${app} />`)}</div>
  </section>`;
}

/** @param {{ app: any }} props */
function App({ app: { name, organization, url, status, machines, releases, secrets } }) {
  return html`<${Card}
    title=${name}
    aside=${html`<${Badge}>${organization}<//> <${Badge} tone=${toneOf(status)}>${status}<//>`}
  >
    <p><${Address} url=${url} /></p>
    ${machines.length === 0 && html`<${Empty}>It has no machine.<//>`}
    ${
      machines.length > 0 &&
      html`<${Table}
        label=${`Machines of ${name}`}
        head=${['Machine', 'Region', 'State', 'Checks', 'Image', 'Changed']}
        rows=${machines.map((/** @type {any} */ machine) => [
          html`<code>${machine.id}</code> <span class="quiet">${machine.name}</span>`,
          machine.region,
          html`<${Badge} tone=${toneOf(machine.state)}>${machine.state}<//>${machine.cordoned ? html` <${Badge} tone="busy">cordoned<//>` : ''}`,
          machine.checks.map(
            (/** @type {any} */ check) =>
              html`<${Badge} tone=${toneOf(check.status)}>${check.name}: ${check.status}<//> `,
          ),
          html`<code>${machine.image}</code>`,
          clockText(machine.updated),
        ])}
      />`
    }
    ${secrets.length > 0 && html`<p>Secrets: ${secrets.map((/** @type {any} */ secret) => html`<${Badge}>${secret.name}<//> `)}</p>`}
    ${
      releases.length > 0 &&
      html`<${More} label=${`${releases.length} ${releases.length === 1 ? 'release' : 'releases'}`}>
        ${() => html`<${Table}
          label=${`Releases of ${name}`}
          head=${['Version', 'State', 'Strategy', 'Image', 'Made']}
          rows=${releases.map((/** @type {any} */ release) => [
            `v${release.version}`,
            html`<${Badge} tone=${toneOf(release.status)}>${release.status}<//>`,
            release.strategy.toLowerCase(),
            html`<code>${release.image}</code>`,
            clockText(release.created),
          ])}
        />`}
      <//>`
    }
    <${More} label="Logs">${() => html`<${Logs} of=${`fly/${name}`} name=${name} />`}<//>
  <//>`;
}
