// Instants and dates without a clock: RFC 3339 in UTC, compared as text once they have the one form `YYYY-MM-DDTHH:MM:SS.mmmZ`.

const instantPattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?Z$/;
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const dayMs = 86_400_000;

/** The instant in its one form (milliseconds, UTC), or undefined when the text is not a valid RFC 3339 instant in UTC. */
export function normaliseInstant(text: string): string | undefined {
  const match = instantPattern.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = ''] = match;
  if (!isDate(`${year}-${month}-${day}`) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}

export function isDate(text: string): boolean {
  const match = datePattern.exec(text);
  if (!match) return false;
  return dateOfDay(daysOf(text)) === text;
}

/** Milliseconds since 1970 of an instant in its one form. */
export function epochMs(instant: string): number {
  const clock = [instant.slice(11, 13), instant.slice(14, 16), instant.slice(17, 19), instant.slice(20, 23)].map(Number);
  const [hours = 0, minutes = 0, seconds = 0, ms = 0] = clock;
  return daysOf(instant) * dayMs + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + ms;
}

export function addDays(date: string, days: number): string {
  return dateOfDay(daysOf(date) + days);
}

export const dateOf = (instant: string): string => instant.slice(0, 10);

/** Days since 1970-01-01 in the proleptic Gregorian calendar; years start in March so that the leap day comes last. */
function daysOf(date: string): number {
  const month = Number(date.slice(5, 7));
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + Number(date.slice(8, 10)) - 1;
  return year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - 719_468;
}

function dateOfDay(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
