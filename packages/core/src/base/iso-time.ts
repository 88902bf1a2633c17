/** Last moment that a four-digit year can show. Claims of peers beyond it are shown as it. */
const wallMsMax = 253_402_300_799_999;
const dayMs = 86_400_000;

/**
 * ISO 8601 in UTC with milliseconds, as JSON carries times. Pure: core has no `Date`.
 *
 * @param wallMs - Unix milliseconds, at least 0; cut to the year 9999.
 * @see Howard Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
 */
export function isoTime(wallMs: number): string {
  const ms = Math.min(Math.max(Math.floor(wallMs), 0), wallMsMax);
  const shifted = Math.floor(ms / dayMs) + 719_468; // Days since 0000-03-01.
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const time = ms % dayMs;
  const date = `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  const hours = digits(Math.floor(time / 3_600_000), 2);
  const minutes = digits(Math.floor(time / 60_000) % 60, 2);
  const seconds = digits(Math.floor(time / 1_000) % 60, 2);
  return `${date}T${hours}:${minutes}:${seconds}.${digits(time % 1_000, 3)}Z`;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
