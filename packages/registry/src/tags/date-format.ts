/** A format or a time zone that can't be used. */
export class DateFormatError extends Error {}

/** Moment's own division: `[text]`, a token, one after a backslash as it is, or any other character. */
const TOKEN =
  /(\[[^[]*?\])|(\\)?([Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[ow]?|W[oW]?|Qo?|N{1,5}|Y{4,6}|YY|y{2,4}|yo?|gg(?:ggg?)?|GG(?:GGG?)?|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|zz?|ZZ?|[\s\S])/g;
/** Tokens that stand for other ones. */
const SHORT = /(\[[^[]*?\])|(\\)?(LTS|LT|LL?L?L?|l{1,4})/g;

/** What they stand for in English. */
const LONG: Readonly<Record<string, string>> = {
  LT: 'h:mm A',
  LTS: 'h:mm:ss A',
  L: 'MM/DD/YYYY',
  LL: 'MMMM D, YYYY',
  LLL: 'MMMM D, YYYY h:mm A',
  LLLL: 'dddd, MMMM D, YYYY h:mm A',
  l: 'M/D/YYYY',
  ll: 'MMM D, YYYY',
  lll: 'MMM D, YYYY h:mm A',
  llll: 'ddd, MMM D, YYYY h:mm A',
};

/**
 * Writes a time in the tokens of Moment.js, in English, which is what docker/metadata-action takes. What is no token is text, as
 * the `T` of `YYYY-MM-DDTHHmmss`.
 *
 * @param timeZone IANA name
 * @throws DateFormatError for an unknown time zone, and for the name of one (`z`) but UTC
 * @see https://momentjs.com/docs/#/displaying/format/
 */
export function formatDate(date: Date, format: string, timeZone = 'UTC'): string {
  const { plain, fraction } = tokensOf(date, timeZone);
  const long = format.replace(
    SHORT,
    (whole: string, _quoted, _backslash, token: string) => LONG[token] ?? whole,
  );
  return long.replace(
    TOKEN,
    (_, quoted: string | undefined, backslash: string | undefined, token: string) => {
      if (quoted !== undefined) return quoted.slice(1, -1);
      if (backslash) return token;
      if (/^zz?$/.test(token)) return zoneName(timeZone);
      if (/^S+$/.test(token)) return fraction.slice(0, token.length);
      return Object.hasOwn(plain, token) ? (plain[token] ?? '') : token;
    },
  );
}

/** Abbreviations such as CET are in no table that every runner has. */
function zoneName(timeZone: string): string {
  if (/^(Etc\/)?(UTC|UCT|Universal|Zulu)$/.test(timeZone)) return 'UTC';
  throw new DateFormatError(
    `the name of the time zone ${timeZone} (z) is not available; write Z, its offset`,
  );
}

interface Tokens {
  readonly plain: Readonly<Record<string, string>>;
  /** Of a second, in nine digits. */
  readonly fraction: string;
}

function tokensOf(date: Date, timeZone: string): Tokens {
  const part = partsOf(date, timeZone);
  const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(
    (name) => Number(part[name]),
  ) as [number, number, number, number, number, number];
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  const dayOfYear = Math.floor((local - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
  const weekday = new Date(local).getUTCDay();
  const iso = isoWeek(year, month, day);
  const own = localWeek(year, dayOfYear, weekday);
  const offset = Math.round((local - Math.floor(date.getTime() / 1000) * 1000) / 60_000);
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}`;
  const { monthName = '', weekday: dayName = '' } = part;
  const quarter = Math.ceil(month / 3);
  const numbers = {
    M: month,
    Q: quarter,
    D: day,
    DDD: dayOfYear,
    d: weekday,
    w: own.week,
    W: iso.week,
    e: weekday,
    E: weekday || 7,
    H: hour,
    h: hour % 12 || 12,
    k: hour || 24,
    m: minute,
    s: second,
  };
  const plain: Record<string, string> = {
    ...Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number)])),
    ...Object.fromEntries(
      ['M', 'D', 'w', 'W', 'H', 'h', 'k', 'm', 's'].map((name) => [name + name, pad(numbers[name as 'M'])]),
    ),
    ...Object.fromEntries(
      ['M', 'Q', 'D', 'DDD', 'd', 'w', 'W'].map((name) => [`${name}o`, ordinal(numbers[name as 'M'])]),
    ),
    MMMM: monthName,
    MMM: monthName.slice(0, 3),
    DDDD: pad(dayOfYear, 3),
    dddd: dayName,
    ddd: dayName.slice(0, 3),
    dd: dayName.slice(0, 2),
    Hmm: `${hour}${pad(minute)}`,
    Hmmss: `${hour}${pad(minute)}${pad(second)}`,
    hmm: `${hour % 12 || 12}${pad(minute)}`,
    hmmss: `${hour % 12 || 12}${pad(minute)}${pad(second)}`,
    YY: pad(year % 100),
    YYYY: pad(year, 4),
    YYYYY: pad(year, 5),
    YYYYYY: `+${pad(year, 6)}`,
    Y: String(year),
    y: String(year),
    yy: String(year),
    yyy: String(year),
    yyyy: String(year),
    yo: ordinal(year),
    N: 'AD',
    NN: 'AD',
    NNN: 'AD',
    NNNN: 'Anno Domini',
    NNNNN: 'AD',
    gg: pad(own.weekYear % 100),
    gggg: pad(own.weekYear, 4),
    ggggg: pad(own.weekYear, 5),
    GG: pad(iso.weekYear % 100),
    GGGG: pad(iso.weekYear, 4),
    GGGGG: pad(iso.weekYear, 5),
    A: hour < 12 ? 'AM' : 'PM',
    a: hour < 12 ? 'am' : 'pm',
    X: String(Math.floor(date.getTime() / 1000)),
    x: String(date.getTime()),
    Z: `${zone}:${pad(Math.abs(offset) % 60)}`,
    ZZ: `${zone}${pad(Math.abs(offset) % 60)}`,
  };
  return { plain, fraction: `${pad(date.getUTCMilliseconds(), 3)}000000` };
}

function partsOf(date: Date, timeZone: string): Partial<Record<string, string>> {
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  try {
    const numbers = new Intl.DateTimeFormat('en-US', { timeZone, ...numeric, ...time }).formatToParts(date);
    const names = new Intl.DateTimeFormat('en-US', {
      timeZone,
      month: 'long',
      weekday: 'long',
    }).formatToParts(date);
    return {
      ...Object.fromEntries(numbers.map(({ type, value }) => [type, value])),
      monthName: names.find(({ type }) => type === 'month')?.value ?? '',
      weekday: names.find(({ type }) => type === 'weekday')?.value ?? '',
    };
  } catch (cause) {
    throw new DateFormatError(`"${timeZone}" is not a time zone`, { cause });
  }
}

/** The week of ISO 8601: weeks begin on Monday, the first one holds the year's first Thursday. */
function isoWeek(year: number, month: number, day: number): { week: number; weekYear: number } {
  const thursday = new Date(Date.UTC(year, month - 1, day));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const weekYear = thursday.getUTCFullYear();
  const week = Math.ceil(((thursday.getTime() - Date.UTC(weekYear, 0, 1)) / 86_400_000 + 1) / 7);
  return { week, weekYear };
}

/** The week of the English locale: weeks begin on Sunday, the first one holds the first of January. */
function localWeek(year: number, dayOfYear: number, weekday: number): { week: number; weekYear: number } {
  const firstDay = new Date(Date.UTC(year, 0, 1)).getUTCDay();
  const week = Math.floor((dayOfYear - 1 + firstDay) / 7) + 1;
  // The last days of a year are in the next one's first week when that begins with them.
  const daysLeft = daysIn(year) - dayOfYear;
  return daysLeft < 6 - weekday ? { week: 1, weekYear: year + 1 } : { week, weekYear: year };
}

function daysIn(year: number): number {
  return (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / 86_400_000;
}

function ordinal(number: number): string {
  const teen = Math.floor((number % 100) / 10) === 1;
  return `${number}${(!teen && ['th', 'st', 'nd', 'rd'][number % 10]) || 'th'}`;
}

function pad(number: number, width = 2): string {
  return String(number).padStart(width, '0');
}
