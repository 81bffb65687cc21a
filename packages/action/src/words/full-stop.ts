/** Takes one of two full stops away, where a sentence ends with somebody's words that have their own. */
export function withOneStop(text: string): string {
  return text.replace(/(?<=[\p{L}\p{N}"'`)\]])([.?!])\.(?=\s|$)|(?<=\.\.\.)\.(?=\s|$)/gu, '$1');
}
