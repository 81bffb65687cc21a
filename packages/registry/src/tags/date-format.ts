/** A format or a time zone that can't be used. */
export class DateFormatError extends Error {}

const TOKEN =
  /\[([^\]]*)\]|YYYY|YY|GGGG|MMMM|MMM|MM|M|Q|DDDD|DDD|DD|D|dddd|ddd|d|E|WW|W|HH|H|hh|h|A|a|mm|m|ss|s|SSS|X|x|ZZ|Z|[A-Za-z]+|[^A-Za-z[]+|\[/g;

/**
 * Writes a time in the tokens of Moment.js, which is what docker/metadata-action takes.
 *
 * @param timeZone IANA name
 * @throws DateFormatError for a letter that is no token, or an unknown time zone
 * @see https://momentjs.com/docs/#/displaying/format/
 */
export function formatDate(date: Date, format: string, timeZone = 'UTC'): string {
  const tokens = tokensOf(date, timeZone);
  return format.replace(TOKEN, (token: string, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    if (!/[A-Za-z]/.test(token)) return token;
    const written = tokens[token];
    if (written === undefined)
      throw new DateFormatError(`"${token}" in the date format "${format}" is no token`);
    return written;
  });
}

function tokensOf(date: Date, timeZone: string): Readonly<Record<string, string>> {
  const part = partsOf(date, timeZone);
  const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(
    (name) => Number(part[name]),
  ) as [number, number, number, number, number, number];
  const start = Date.UTC(year, 0, 1);
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  const dayOfYear = Math.floor((local - start) / 86_400_000) + 1;
  const weekday = new Date(local).getUTCDay();
  const { week, weekYear } = isoWeek(year, month, day);
  const offset = Math.round((local - Math.floor(date.getTime() / 1000) * 1000) / 60_000);
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}`;
  const month3 = part.monthName?.slice(0, 3) ?? '';
  return {
    YYYY: pad(year, 4),
    YY: pad(year % 100),
    GGGG: pad(weekYear, 4),
    Q: String(Math.ceil(month / 3)),
    MMMM: part.monthName ?? '',
    MMM: month3,
    MM: pad(month),
    M: String(month),
    DDDD: pad(dayOfYear, 3),
    DDD: String(dayOfYear),
    DD: pad(day),
    D: String(day),
    dddd: part.weekday ?? '',
    ddd: part.weekday?.slice(0, 3) ?? '',
    d: String(weekday),
    E: String(weekday || 7),
    WW: pad(week),
    W: String(week),
    HH: pad(hour),
    H: String(hour),
    hh: pad(hour % 12 || 12),
    h: String(hour % 12 || 12),
    A: hour < 12 ? 'AM' : 'PM',
    a: hour < 12 ? 'am' : 'pm',
    mm: pad(minute),
    m: String(minute),
    ss: pad(second),
    s: String(second),
    SSS: pad(date.getUTCMilliseconds(), 3),
    X: String(Math.floor(date.getTime() / 1000)),
    x: String(date.getTime()),
    Z: `${zone}:${pad(Math.abs(offset) % 60)}`,
    ZZ: `${zone}${pad(Math.abs(offset) % 60)}`,
  };
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
    throw new DateFormatError(`"${timeZone}" is no time zone`, { cause });
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

function pad(number: number, width = 2): string {
  return String(number).padStart(width, '0');
}
