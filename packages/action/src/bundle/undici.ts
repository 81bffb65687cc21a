/**
 * What bundles take for `undici` (tsconfig.bundles.json): @actions/http-client imports the whole of it for a dispatcher
 * of other people's fetch calls, which nothing here asks for. Its own requests go by node:https, through a proxy too.
 */
export class ProxyAgent {
  constructor() {
    throw new Error('undici is left out of the bundles: see tsconfig.bundles.json');
  }
}
