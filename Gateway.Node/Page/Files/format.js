// Formats numbers for people, with units.

/** Three significant digits at most: 0.04, 1.25, 12.5, 125, 12.5 k. */
export function short(value) {
  if (value >= 999_500) {
    return `${digits(value / 1e6)} M`;
  }
  return value >= 9_995 ? `${digits(value / 1e3)} k` : digits(value);
}

function digits(value) {
  const places = value >= 99.95 || value === 0 ? 0 : value >= 9.995 ? 1 : 2;
  const text = value.toFixed(places);
  return places === 0 ? text : text.replace(/\.?0+$/, "");
}

/** Formats a rate; a dash if it is zero, so that activity stands out. */
export function rate(value) {
  return value === 0 ? "–" : short(value);
}

/** Formats milliseconds, as seconds from 1,000 on; a dash if nothing was measured. */
export function milliseconds(value) {
  if (value === null || value === undefined) {
    return "–";
  }
  return value >= 999.5 ? `${short(value / 1000)} s` : `${short(value)} ms`;
}

/** Formats a duration: 4 s, 12 min, 3 h, 2 d. */
export function duration(seconds) {
  if (seconds < 99.5) {
    return `${Math.round(seconds)} s`;
  }
  if (seconds < 5_970) {
    return `${Math.round(seconds / 60)} min`;
  }
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** The time of day with tenths of a second, by this browser's clock and zone. */
export function timeOfDay(iso) {
  const time = new Date(iso);
  const two = number => String(number).padStart(2, "0");
  const tenth = Math.floor(time.getMilliseconds() / 100);
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${tenth}`;
}

/** "1 endpoint", "2 endpoints". */
export function count(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
