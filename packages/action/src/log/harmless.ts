/**
 * A text of somebody else's as it may be printed: what GitHub's runner would take for a workflow command gets a visible
 * mark. A build or an application that prints one must not set outputs, stop masking or annotate in the step's name.
 *
 * The runner reads `::name` at the start of a line, after white space, and `##[name` anywhere. It searches by a culture's
 * rules, which pass over characters without weight: a soft hyphen, a zero-width space, a control character. Here whatever
 * is not printable ASCII counts as such, so that this marks more than any version of the runner reads.
 *
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function harmless(text: string): string {
  return withoutBrackets(
    text.replace(START, (_, start: string, colon = '') => `${start}${colon && '| '}${colon}`),
  );
}

/** The text without `##[`, for what is printed behind something of ours on the same line. */
export function withoutBrackets(text: string): string {
  return text.replace(/#[^ -~]*#[^ -~]*(?=\[)/g, '$&\\');
}

/**
 * The start of a line, whatever ends lines for whoever reads them, and the first colon of a command. It takes all of what
 * may precede that, further line ends as well, or a long run of these would be read again from each of them.
 */
const START = /((?:^|[\n\v\f\r\x85\u2028\u2029])[^!-~]*)(:(?=[^ -~]*:))?/g;
