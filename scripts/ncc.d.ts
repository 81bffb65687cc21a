/** What is used of ncc, which ships no types. */
declare module '@vercel/ncc' {
  interface Options {
    cache?: false;
    minify?: boolean;
    quiet?: boolean;
    sourceMap?: boolean;
    transpileOnly?: boolean;
  }
  export default function ncc(
    input: string,
    options: Options,
  ): Promise<{
    code: string;
    /** JSON of a source map, with the option `sourceMap`. */
    map?: string;
    assets: Record<string, { source: string | Buffer }>;
    /** Webpack's. */
    stats: { toJson(options: object): { modules: import('./licenses.ts').BundledModule[] } };
  }>;
}
