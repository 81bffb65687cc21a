import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { literalBraces } from './literal-braces.ts';
import { navigation, sidebar } from './navigation.ts';
import { otherFiles, pageOf, SOURCE } from './pages.ts';
import { pictures } from './pictures.ts';
import { repositoryLinks } from './repository-links.ts';
import { slug } from './slug.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The documentation site: `npm run site` builds it, `npm run site -- dev` serves it while you write. */
export default defineConfig({
  title: 'Gangway',
  description: 'GitHub Actions that take a container from a repository to a running, protected API.',
  lang: 'en-US',
  // Where the site is published below a path, as GitHub Pages does for a project: /gangway/.
  base: process.env.GANGWAY_SITE_BASE ?? '/',
  // The pages are where they are read on GitHub too: in docs/, and beside each action, command and example.
  srcDir: root,
  srcExclude: otherFiles(root),
  rewrites: pageOf,
  outDir: process.env.GANGWAY_SITE_OUT ?? fileURLToPath(new URL('dist', import.meta.url)),
  cacheDir: `${root}/node_modules/.cache/vitepress`,
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${process.env.GANGWAY_SITE_BASE ?? '/'}icon.svg` }],
  ],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
    anchor: { slugify: slug },
    // Braces of Markdown are text, as on GitHub: they are neither attributes nor expressions of Vue.
    attrs: { disable: true },
    config: (markdown) => markdown.use(repositoryLinks, root).use(literalBraces).use(pictures),
  },
  vite: {
    // The builder of the site is older than what the code is compiled for.
    esbuild: { tsconfigRaw: { compilerOptions: { target: 'es2022' } } },
    publicDir: `${root}/docs/public`,
    build: { chunkSizeWarningLimit: 4096 },
  },
  themeConfig: {
    logo: '/icon.svg',
    nav: navigation,
    sidebar: sidebar(root),
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: 'https://github.com/gangway-dev/gangway' }],
    editLink: { pattern: `${SOURCE}/edit/main/:path`, text: 'Edit this page on GitHub' },
    footer: { message: 'Released under the MIT License.' },
    docFooter: { prev: false, next: false },
  },
});
