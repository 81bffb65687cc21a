export { blocks, type Column, details, fence, numbered, table } from './block.ts';
export { fitted } from './fitted.ts';
export { code, link, url } from './inline.ts';
export { type Content, joined, Markdown, md } from './markdown.ts';
