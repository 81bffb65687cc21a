import { readProtos } from './protos.ts';
import { COMMON_PROTOS, readDocument, SOURCES, type Source } from './sources.ts';
import { type Document, tableOf, textOf } from './tables.ts';

/** The facts of an API as they are committed: the text of its file. */
export async function factsOf({ document, protos }: Source): Promise<string> {
  const table = tableOf(readDocument(document) as Document, await readProtos([...protos, ...COMMON_PROTOS]));
  const { documents, protos: buffers } = SOURCES;
  return textOf(table, {
    [documents.package]: documents.version,
    [buffers.package]: buffers.version,
  });
}
