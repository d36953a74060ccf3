import { once } from '../once.ts';
import { localeOf, type Language } from './languages.ts';

export interface Format {
  number: (value: number) => string;
  /** Without the day when it is today. */
  time: (at: string | Date) => string;
  dateTime: (at: string | Date) => string;
  duration: (ms: number) => string;
  megabytes: (value: number) => string;
  list: (items: readonly string[]) => string;
  /** Any one of them. */
  oneOf: (items: readonly string[]) => string;
  /** What stands between two sentences. */
  gap: string;
}

const units = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1000 },
] as const;

/** Numbers, times and amounts as they are written in a language. */
export function createFormat(language: Language, { now = () => new Date(), timeZone }: { now?: () => Date; timeZone?: string } = {}): Format {
  const locale = localeOf[language];
  const zone = timeZone === undefined ? {} : { timeZone };
  // What formats is dear to make: only what is wanted.
  const numbers = once(() => new Intl.NumberFormat(locale));
  const days = once(() => new Intl.DateTimeFormat(locale, { ...zone, dateStyle: 'short' }));
  const times = once(() => new Intl.DateTimeFormat(locale, { ...zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }));
  const full = once(() => new Intl.DateTimeFormat(locale, { ...zone, year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }));
  const lists = once(() => new Intl.ListFormat(locale, { type: 'conjunction' }));
  const choices = once(() => new Intl.ListFormat(locale, { type: 'disjunction' }));
  const amount = (value: number, unit: string, unitDisplay: 'narrow' | 'short', fractionDigits = 0): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay, minimumFractionDigits: fractionDigits, maximumFractionDigits: fractionDigits }).format(value);
  const dateTime = (at: string | Date): string => full().format(new Date(at));

  return {
    // Below a thousand both languages write the plain digits, and most counts are.
    number: (value) => (Number.isInteger(value) && value >= 0 && value < 1000 ? String(value) : numbers().format(value)),
    dateTime,
    time: (at) => (days().format(new Date(at)) === days().format(now()) ? times().format(new Date(at)) : dateTime(at)),
    /** The two largest units; tenths of a second below ten seconds. */
    duration: (ms) => {
      if (ms < 9950) return amount(Math.max(0, ms) / 1000, 'second', 'narrow', 1);
      let left = Math.round(ms / 1000) * 1000;
      const parts = units.flatMap(({ unit, ms: size }) => {
        const count = Math.floor(left / size);
        left -= count * size;
        return count > 0 ? [amount(count, unit, 'narrow')] : [];
      });
      return parts.slice(0, 2).join(' ');
    },
    megabytes: (value) => (value < 1000 ? amount(value, 'megabyte', 'short') : amount(value / 1000, 'gigabyte', 'short', 1)),
    list: (items) => lists().format(items),
    oneOf: (items) => choices().format(items),
    gap: language === 'zh' ? '' : ' ',
  };
}
