// From data to the pixels of a canvas and back, with one scale for both axes: latent coordinates share a unit.

export class Viewport {
  private scale = 1;
  private centre = { x: 0, y: 0 };
  private fitted = { scale: 1, x: 0, y: 0 };
  width = 1;
  height = 1;

  constructor(private readonly xs: Float32Array, private readonly ys: Float32Array) {}

  /** Takes a new size, keeping what is in view; the first time shows everything. */
  resize(width: number, height: number): void {
    const zoom = this.scale / this.fitted.scale;
    const first = this.width === 1;
    [this.width, this.height] = [width, height];
    const [left, right] = range(this.xs);
    const [bottom, top] = range(this.ys);
    const margin = 1.08;
    this.fitted = {
      scale: Math.min(width / ((right - left || 1) * margin), height / ((top - bottom || 1) * margin)),
      x: (left + right) / 2,
      y: (bottom + top) / 2,
    };
    this.scale = first ? this.fitted.scale : zoom * this.fitted.scale;
    if (first) this.centre = { x: this.fitted.x, y: this.fitted.y };
  }

  reset(): void {
    this.scale = this.fitted.scale;
    this.centre = { x: this.fitted.x, y: this.fitted.y };
  }

  /** Zooms by a factor around a pixel. */
  zoom(factor: number, px = this.width / 2, py = this.height / 2): void {
    const [x, y] = [this.dataX(px), this.dataY(py)];
    this.scale = Math.min(200 * this.fitted.scale, Math.max(0.5 * this.fitted.scale, this.scale * factor));
    this.centre.x += x - this.dataX(px);
    this.centre.y += y - this.dataY(py);
  }

  pan(dx: number, dy: number): void {
    this.centre.x -= dx / this.scale;
    this.centre.y += dy / this.scale;
  }

  pixelX(x: number): number {
    return this.width / 2 + (x - this.centre.x) * this.scale;
  }

  pixelY(y: number): number {
    return this.height / 2 - (y - this.centre.y) * this.scale;
  }

  dataX(px: number): number {
    return this.centre.x + (px - this.width / 2) / this.scale;
  }

  dataY(py: number): number {
    return this.centre.y - (py - this.height / 2) / this.scale;
  }

  /** How far it is zoomed in; 1 shows everything. */
  get magnification(): number {
    return this.scale / this.fitted.scale;
  }
}

function range(values: Float32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [-1, 1];
}

/** Round numbers between two ends, about `count` of them. */
export function ticks(from: number, to: number, count: number): number[] {
  const rough = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((candidate) => candidate >= rough)!;
  const list: number[] = [];
  for (let k = Math.ceil(from / step); k * step <= to; k++) list.push(Number((k * step).toPrecision(12)));
  return list;
}
