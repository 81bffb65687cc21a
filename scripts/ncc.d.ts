/** What scripts/build.ts uses of ncc, which ships no types. */
declare module '@vercel/ncc' {
  interface Options {
    cache?: false;
    minify?: boolean;
    quiet?: boolean;
    transpileOnly?: boolean;
  }
  export default function ncc(
    input: string,
    options: Options,
  ): Promise<{ code: string; assets: Record<string, { source: string | Buffer }> }>;
}
