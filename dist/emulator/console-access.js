import { html } from './console-html.js';
import { Badge, clockText, Empty, More, Table, toneOf } from './console-parts.js';

/** Keys, secrets by name, service accounts, policies and the APIs that are on. @param {{ inventory: any }} props */
export function Access({ inventory }) {
  const { keys, secrets, accounts, policies, pools, apis } = inventory;
  return html`<section aria-labelledby="access-title">
    <div class="bar"><h2 id="access-title">Access</h2></div>
    <div class="stack">
      <${Part} title="API keys" rows=${keys} empty="There is no key.">
        ${() => html`<${Table}
          label="API keys"
          head=${['Key', 'Good for', 'Made', 'State']}
          rows=${keys.map((/** @type {any} */ key) => [
            html`${key.name} ${key.name === key.id ? '' : html`<span class="quiet">${key.id}</span>`}`,
            key.services.length > 0
              ? key.services.map((/** @type {string} */ one) => html`<div><code>${one}</code></div>`)
              : 'every API',
            clockText(key.created),
            html`<${Badge} tone=${key.isDeleted ? 'bad' : 'good'}>${key.isDeleted ? 'deleted' : 'active'}<//>`,
          ])}
        />
        <p class="quiet">The key itself: <code>gcloud services api-keys get-key-string ID</code></p>`}
      <//>
      <${Part} title="Secrets" rows=${secrets} empty="There is no secret.">
        ${() => html`<${Table}
          label="Secrets"
          head=${['Secret', 'Versions', 'Made']}
          rows=${secrets.map((/** @type {any} */ secret) => [
            html`<code>${secret.name}</code>`,
            secret.versions.map(
              (/** @type {any} */ version) =>
                html`<${Badge} tone=${toneOf(version.state)}>${version.number} ${version.state}<//> `,
            ),
            clockText(secret.created),
          ])}
        />`}
      <//>
      <${Part} title="Policies" rows=${policies} empty="Nobody was granted anything.">
        ${() => policies.map((/** @type {any} */ policy) => html`<${Policy} key=${policy.resource} policy=${policy} />`)}
      <//>
      <${Part} title="Service accounts" rows=${accounts} empty="There is no service account.">
        ${() => html`<${Table}
          label="Service accounts"
          head=${['Account', 'Name', 'Keys', 'State']}
          numbers=${[2]}
          rows=${accounts.map((/** @type {any} */ account) => [
            html`<code>${account.email}</code>`,
            account.displayName,
            account.keys,
            html`<${Badge} tone=${account.disabled ? 'bad' : 'good'}>${account.disabled ? 'disabled' : 'active'}<//>`,
          ])}
        />`}
      <//>
      <${Part} title="Workload identity providers" rows=${pools} empty="There is no provider.">
        ${() => html`<${Table}
          label="Workload identity providers"
          head=${['Provider', 'Issuer', 'Condition', 'State']}
          rows=${pools.map((/** @type {any} */ pool) => [
            html`<code>${pool.name.replace(/^.*\/workloadIdentityPools\//, '')}</code>`,
            html`<code>${pool.issuer}</code>`,
            html`<code>${pool.condition}</code>`,
            html`<${Badge} tone=${pool.isActive ? 'good' : 'bad'}>${pool.isActive ? 'active' : 'disabled'}<//>`,
          ])}
        />`}
      <//>
      <${Part} title="APIs that are on" rows=${apis} empty="No API is on.">
        ${() => html`<p class="words">${apis.map((/** @type {string} */ api) => html`<${Badge}>${api}<//> `)}</p>`}
      <//>
    </div>
  </section>`;
}

/** @param {{ title: string, rows: any[], empty: string, children: () => any }} props */
function Part({ title, rows, empty, children }) {
  return html`<article class="card">
    <header><h3>${title}</h3><div class="aside quiet">${rows.length}</div></header>
    ${rows.length === 0 ? html`<${Empty}>${empty}<//>` : children()}
  </article>`;
}

/** @param {{ policy: any }} props */
function Policy({ policy: { resource, bindings } }) {
  return html`<${More} label=${html`<code>${resource}</code> <span class="quiet">${bindings.length} ${bindings.length === 1 ? 'role' : 'roles'}</span>`}>
    ${() => html`<${Table}
      label=${`Policy of ${resource}`}
      head=${['Role', 'Members', 'Condition']}
      rows=${bindings.map((/** @type {any} */ { role, members, condition }) => [
        html`<code>${role}</code>`,
        members.map((/** @type {string} */ member) => html`<div><code>${member}</code></div>`),
        condition ? html`<code>${condition}</code>` : '',
      ])}
    />`}
  <//>`;
}
