import { html } from './console-html.js';
import { Badge, Card, clockText, Digest, Empty, More, sizeText, Table } from './console-parts.js';

/** Repositories and the images in them. @param {{ inventory: any }} props */
export function Images({ inventory: { repositories } }) {
  return html`<section aria-labelledby="images-title">
    <div class="bar"><h2 id="images-title">Images</h2></div>
    ${repositories.length === 0 && html`<${Empty}>There is no repository yet.<//>`}
    <div class="stack">
      ${repositories.map((/** @type {any} */ one) => html`<${Repository} key=${one.host + one.name} repository=${one} />`)}
    </div>
  </section>`;
}

/** @param {{ repository: any }} props */
function Repository({ repository: { name, location, host, images } }) {
  return html`<${Card} title=${name} aside=${location ? html`<${Badge}>${location}<//>` : html`<${Badge}>Fly.io<//>`}>
    <p class="quiet mono">${host}</p>
    ${images.length === 0 && html`<${Empty}>No image was pushed to it yet.<//>`}
    ${images.map((/** @type {any} */ image) => html`<${Image} key=${image.name} image=${image} />`)}
  <//>`;
}

/** @param {{ image: any }} props */
function Image({ image: { name, manifests, count } }) {
  return html`<h4>${name}</h4>
    <${Table}
      label=${`Versions of ${name}`}
      head=${['Tags', 'Digest', 'Size', 'Pushed', 'Content']}
      numbers=${[2]}
      rows=${manifests.map((/** @type {any} */ manifest) => [
        manifest.tags.length > 0
          ? manifest.tags.map((/** @type {string} */ tag) => html`<${Badge}>${tag}<//> `)
          : html`<span class="quiet">untagged</span>`,
        html`<${Digest} digest=${manifest.digest} />`,
        sizeText(manifest.size),
        clockText(manifest.updated),
        html`<${Content} manifest=${manifest} />`,
      ])}
    />
    ${count > manifests.length && html`<p class="quiet">${count - manifests.length} older versions are not shown.</p>`}`;
}

/** @param {{ manifest: any }} props */
function Content({ manifest: { kind, layers, children } }) {
  if (kind === 'index') return html`an index of ${children.length}`;
  const largest = Math.max(1, ...layers.map((/** @type {any} */ { size }) => size));
  const label = `${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}`;
  if (layers.length === 0) return label;
  return html`<${More} label=${label}>
    ${() => html`<ol class="layers">
      ${layers.map(
        (/** @type {any} */ { digest, size }) => html`<li>
          <${Digest} digest=${digest} />
          <span class="track" aria-hidden="true"><i style=${{ width: `${(size / largest) * 100}%` }}></i></span>
          <span>${sizeText(size)}</span>
        </li>`,
      )}
    </ol>`}
  <//>`;
}
