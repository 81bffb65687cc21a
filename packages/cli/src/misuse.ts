/** What the command line asks for can't be done: the message says why, and what to write. Ends with status 2. */
export class Misuse extends Error {}
