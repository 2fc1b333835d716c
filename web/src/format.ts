// Numbers, durations and dates as people read them.

const MINUS = "\u2212";

/** A number with a true minus sign and thousands separated; `null` (not finite in the run) says so. */
export function number(value: number | null | undefined, decimals = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "not finite";
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/** A number with as many digits as it needs, for read-outs of unknown magnitude. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return "not finite";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [mantissa, exponent] = value.toExponential(2).split("e");
    return `${mantissa!.replace("-", MINUS).replace(/\.?0+$/, "")}e${Number(exponent)}`.replace("e-", `e${MINUS}`);
  }
  const decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 4;
  return (value < 0 ? MINUS : "") + size.toLocaleString("en-US", { maximumFractionDigits: decimals });
}

/** How many decimals tell apart values spread over `span`: hundredths, or a thousandth of the spread where that is finer. */
export function decimalsFor(span: number): number {
  if (!(span > 0) || !Number.isFinite(span)) return 2;
  return Math.min(8, Math.max(2, 3 - Math.ceil(Math.log10(span))));
}

/** A name of a letter and a number with the number lowered: `z12` becomes `z₁₂`. */
export function subscript(name: string): string {
  return /^\p{L}\d+$/u.test(name) ? name[0] + [...name.slice(1)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("") : name;
}

/** Seconds of a .NET TimeSpan, `[days.]hh:mm:ss[.fraction]`. */
export function seconds(span: string): number {
  const match = /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(span);
  if (!match) return 0;
  return Number(match[1] ?? 0) * 86400 + Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]);
}

/** `1 h 02 min`, `1 min 14 s`, `8.3 s`. */
export function duration(span: string): string {
  const total = seconds(span);
  if (total < 10) return `${total.toFixed(1)} s`;
  if (total < 60) return `${Math.round(total)} s`;
  const minutes = Math.floor(Math.round(total) / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.round(total) % 60).padStart(2, "0")} s`;
  const hours = Math.floor(Math.round(total / 60) / 60);
  return `${hours} h ${String(Math.round(total / 60) % 60).padStart(2, "0")} min`;
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** The date as written in the run, in the run's own time zone: `1 March 2025, 12:34`. */
export function date(iso: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2})/.exec(iso);
  if (!match) return iso;
  return `${Number(match[3])} ${MONTHS[Number(match[2]) - 1]} ${match[1]}, ${match[4]}`;
}
