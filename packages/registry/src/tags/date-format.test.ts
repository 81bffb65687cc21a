import { expect, it } from 'vitest';
import { DateFormatError, formatDate } from './date-format.ts';

const DATE = new Date('2020-01-10T00:30:05.678Z');

// What Moment.js 2.31 writes.
it.each([
  ['dd Do YYYY-MM-DDTHHmmss', 'UTC', 'Fr 10th 2020-01-10T003005'],
  ['d do ddd dddd e E', 'UTC', '5 5th Fri Friday 5 5'],
  ['M Mo MM MMM MMMM Q Qo', 'UTC', '1 1st 01 Jan January 1 1st'],
  ['D DD DDD DDDo DDDD', 'UTC', '10 10 10 10th 010'],
  ['w wo ww W Wo WW gg gggg GG GGGG', 'UTC', '2 2nd 02 2 2nd 02 20 2020 20 2020'],
  ['Y YY YYYY YYYYY YYYYYY y N NNNN', 'UTC', '2020 20 2020 02020 +002020 2020 AD Anno Domini'],
  ['H HH h hh k kk a A m mm s ss S SS SSS SSSS', 'UTC', '0 00 12 12 24 24 am AM 30 30 5 05 6 67 678 6780'],
  ['Hmm Hmmss hmm hmmss', 'UTC', '030 03005 1230 123005'],
  ['LT LTS L LL l ll', 'UTC', '12:30 AM 12:30:05 AM 01/10/2020 January 10, 2020 1/10/2020 Jan 10, 2020'],
  ['X x Z ZZ z', 'UTC', '1578616205 1578616205678 +00:00 +0000 UTC'],
  ['YYYYMMDD-HHmmss Z', 'Asia/Kolkata', '20200110-060005 +05:30'],
  ['YYYYMMDD-HH', 'America/New_York', '20200109-19'],
  ['[at] HH\\h foo', 'UTC', 'at 00h foo'],
])('%s in %s is %s', (format, zone, expected) => expect(formatDate(DATE, format, zone)).toBe(expected));

it('refuses what it can not write', () => {
  expect(() => formatDate(DATE, 'z', 'Europe/Berlin')).toThrow(DateFormatError);
  expect(() => formatDate(DATE, 'YYYY', 'Mars/Phobos')).toThrow('"Mars/Phobos" is not a time zone');
});
