import type { Document } from './document.ts';
import { readProtos } from './protos.ts';
import { COMMON_PROTOS, readDocument, SOURCES, type Source } from './sources.ts';
import { tableOf, textOf } from './tables.ts';

/** The facts of an API as they are committed: the text of its file. */
export async function factsOf({ document, protos, methods }: Source): Promise<string> {
  const buffers = await readProtos([...protos, ...COMMON_PROTOS]);
  const table = tableOf(readDocument(document) as Document, buffers, methods);
  const { documents, protos: npm } = SOURCES;
  return textOf(table, {
    [documents.package]: documents.version,
    [npm.package]: npm.version,
  });
}
