/**
 * What bundles take for `node-fetch` (tsconfig.bundles.json), which gaxios loads where it is not told another: whatever Google's
 * libraries send goes through the one door.
 */
// biome-ignore lint/style/noDefaultExport: it is what node-fetch exports.
export { doorFetch as default } from '../fetch.ts';
