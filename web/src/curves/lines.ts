// The lines of a panel: what they are, what part of them is in view, how many points a screen can tell apart.

/** One curve with its looks. */
export interface Line {
  /** The run, where several are compared. */
  run: string | null;
  name: string;
  x: Float32Array;
  y: Float32Array;
  colour: string;
  dash: string | null;
}

export interface Panel {
  title: string;
  unit: string | undefined;
  explanation: string | undefined;
  lines: Line[];
}

/** The smallest and largest abscissa of the lines, or null where there is none. */
export function extentX(lines: Line[], logarithmic: boolean): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const { x } of lines) {
    for (const value of x) {
      if (!Number.isFinite(value) || (logarithmic && value <= 0)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? [low, high] : null;
}

/** The range of the ordinates seen between two abscissae, with a little air; null where nothing is seen. */
export function extentY(lines: Line[], from: number, to: number): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const { x, y } of lines) {
    for (let i = 0; i < x.length; i++) {
      const value = y[i]!;
      if (x[i]! < from || x[i]! > to || !Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return null;
  if (low === high) {
    const air = Math.abs(low) * 0.1 || 1;
    return [low - air, high + air];
  }
  const air = (high - low) * 0.05;
  return [low >= 0 && low - air < 0 ? 0 : low - air, high + air];
}

/** The index whose abscissa is nearest to `at`; the abscissae increase. */
export function nearest(x: Float32Array, at: number): number {
  let [low, high] = [0, x.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle;
  }
  return high >= 0 && Math.abs(x[high]! - at) < Math.abs(x[low]! - at) ? high : low;
}

/** Indices to draw: all of them, or the least and the greatest of each of `buckets` stretches, so that no spike is lost. */
export function thin(y: Float32Array, buckets: number): number[] {
  if (y.length <= 2 * buckets) return Array.from(y, (_, i) => i);
  const kept: number[] = [];
  for (let b = 0; b < buckets; b++) {
    const from = Math.floor((b * y.length) / buckets);
    const to = Math.floor(((b + 1) * y.length) / buckets);
    let [least, greatest] = [from, from];
    for (let i = from; i < to; i++) {
      if (y[i]! < y[least]!) least = i;
      if (y[i]! > y[greatest]!) greatest = i;
    }
    kept.push(...(least === greatest ? [least] : least < greatest ? [least, greatest] : [greatest, least]));
  }
  return kept;
}
