import { describe, expect, it } from 'vitest';
import { A, NO_ERROR, NO_SUCH_NAME, readQuestion, writeAnswer } from './dns-message.ts';

/** What `dig +noedns a.example` sends. */
const QUERY = Buffer.from('1234012000010000000000000161076578616d706c650000010001', 'hex');

describe('a query', () => {
  it('is read in lower case', () => {
    const shouted = Buffer.from(QUERY);
    shouted.write('A', 13);
    expect(readQuestion(shouted)).toMatchObject({ name: 'a.example', type: A, id: 0x1234, recursion: true });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a name that ends nowhere', QUERY.subarray(0, 20)],
    ['an answer', Buffer.concat([Buffer.from('12348180', 'hex'), QUERY.subarray(4)])],
    ['a pointer', Buffer.concat([QUERY.subarray(0, 12), Buffer.from('c00c00010001', 'hex')])],
  ])('is none: %s', (_, message) => {
    expect(readQuestion(message)).toBeUndefined();
  });
});

describe('an answer', () => {
  const question = readQuestion(QUERY);
  if (!question) throw new Error('no question');

  it('has an address for a name', () => {
    expect(writeAnswer(question, NO_ERROR, ['198.18.0.3']).toString('hex')).toBe(
      `1234858000010001000000000161076578616d706c650000010001${'c00c000100010000000100'}04c6120003`,
    );
  });

  it('says that there is no such name', () => {
    const answer = writeAnswer(question, NO_SUCH_NAME, []);
    expect(answer.readUInt16BE(2) & 0xf).toBe(3);
    expect(answer.readUInt16BE(6)).toBe(0);
  });

  it('has no more addresses than a packet holds', () => {
    const answer = writeAnswer(question, NO_ERROR, new Array(100).fill('198.18.0.3'));
    expect(answer.length).toBeLessThanOrEqual(512);
  });
});
