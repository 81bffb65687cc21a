import { useState } from 'preact/hooks';
import { html } from './console-html.js';
import { ask } from './console-live.js';
import { Address, Badge, Card, Empty, More, Table, timeText, toneOf } from './console-parts.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Gateways: what they route where, and a form that calls them. @param {{ inventory: any }} props */
export function Gateways({ inventory: { gateways, keys } }) {
  return html`<section aria-labelledby="gateways-title">
    <div class="bar"><h2 id="gateways-title">Gateways</h2></div>
    ${gateways.length === 0 && html`<${Empty}>There is no gateway yet.<//>`}
    <div class="stack">
      ${gateways.map((/** @type {any} */ gateway) => html`<${Gateway} key=${gateway.fullName} gateway=${gateway} keys=${keys} />`)}
    </div>
  </section>`;
}

/** @param {{ gateway: any, keys: any[] }} props */
function Gateway({ gateway, keys }) {
  const { name, location, url, state, config, api, managedService, routes, document } = gateway;
  const word = state.toLowerCase();
  return html`<${Card}
    title=${name}
    aside=${html`<${Badge}>${location}<//> <${Badge} tone=${toneOf(word)}>${word}<//>`}
  >
    <p><${Address} url=${url} /></p>
    <p class="quiet">API ${api}, config ${config}, managed service <code>${managedService}</code></p>
    <${Table}
      label=${`Routes of ${name}`}
      head=${['Method', 'Path', 'Lets in', 'Backend']}
      rows=${routes.map((/** @type {any} */ route) => [
        html`<b class="method">${route.method}</b>`,
        html`<code>${route.path}</code>`,
        html`<${Lock} route=${route} />`,
        html`<code>${route.backend || 'none'}</code>`,
      ])}
    />
    <${CallForm} gateway=${gateway} keys=${keys} />
    <${More} label="OpenAPI document">${() => html`<pre tabindex="0">${document}</pre>`}<//>
  <//>`;
}

/** @param {{ route: any }} props */
function Lock({ route: { needsKey, issuers } }) {
  const words = [
    ...(needsKey ? ['a key'] : []),
    ...(issuers.length > 0 ? [`a token of ${issuers.join(' or ')}`] : []),
  ];
  return words.length === 0 ? html`<${Badge} tone="busy">anybody<//>` : words.join(' and ');
}

/** @param {{ gateway: any, keys: any[] }} props */
function CallForm({ gateway, keys }) {
  const usable = keys.filter(({ isDeleted }) => !isDeleted);
  const fitting = usable.find(({ services }) => services.includes(gateway.managedService));
  const { routes } = gateway;
  const isPlain = (/** @type {any} */ { method, path }) => method === 'GET' && !path.includes('{');
  const start =
    routes.find(isPlain) ?? routes.find((/** @type {any} */ { method }) => method === 'GET') ?? routes[0];
  const [method, setMethod] = useState(start?.method ?? 'GET');
  const [path, setPath] = useState(start?.path ?? '/');
  const [key, setKey] = useState(fitting?.fullName ?? '');
  const [body, setBody] = useState('');
  const [answer, setAnswer] = useState(/** @type {any} */ (undefined));
  const [isAsking, setAsking] = useState(false);
  const takesBody = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setAsking(true);
    try {
      setAnswer(
        await ask('call', { gateway: gateway.fullName, method, path, key, body: takesBody ? body : '' }),
      );
    } catch (error) {
      setAnswer({ error: /** @type {Error} */ (error).message });
    } finally {
      setAsking(false);
    }
  };
  const read = (/** @type {(value: string) => void} */ set) => (/** @type {any} */ event) =>
    set(event.currentTarget.value);
  return html`<form class="call" onSubmit=${send} aria-label=${`Call ${gateway.name}`}>
    <label>
      Method
      <select value=${method} onChange=${read(setMethod)}>
        ${METHODS.map((one) => html`<option value=${one}>${one}</option>`)}
      </select>
    </label>
    <label class="target">
      Path
      <input class="mono" value=${path} onInput=${read(setPath)} required pattern="/.*" title="A path begins with a slash." spellcheck=${false} />
    </label>
    <label>
      Key
      <select value=${key} onChange=${read(setKey)}>
        <option value="">without a key</option>
        ${usable.map((one) => html`<option value=${one.fullName}>${one.name}</option>`)}
      </select>
    </label>
    ${
      takesBody &&
      html`<label class="body">
        Body
        <textarea class="mono" rows="4" value=${body} onInput=${read(setBody)} spellcheck=${false}></textarea>
      </label>`
    }
    <button type="submit" disabled=${isAsking}>${isAsking ? 'Calling …' : 'Call'}</button>
    <div class="answer" aria-live="polite">${answer && html`<${Answer} answer=${answer} />`}</div>
  </form>`;
}

/** @param {{ answer: any }} props */
function Answer({ answer }) {
  if (answer.error) return html`<p class="message">${answer.error}</p>`;
  const { status, statusText, took, headers, body, isCut } = answer;
  return html`<p>
      <${Badge} tone=${status < 400 ? 'good' : 'bad'}>${status} ${statusText}<//> <span class="quiet">${timeText(took)}</span>
    </p>
    <pre tabindex="0" aria-label="Body of the answer">${pretty(body)}${isCut ? '\n…' : ''}</pre>
    <${More} label="Headers">
      ${() =>
        html`<pre tabindex="0">${Object.entries(headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join('\n')}</pre>`}
    <//>`;
}

/** JSON over several lines, and anything else as it is. @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
