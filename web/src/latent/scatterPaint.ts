// Drawing the scatter: a quiet grid, the points, the classes' names where their points are thickest.

import { token } from "../dom";
import { compact } from "../format";
import { category } from "../palette";
import type { Points } from "./scatter";
import { ticks, type Viewport } from "./viewport";

export interface Emphasis {
  hidden: ReadonlySet<number>;
  highlighted: number | null;
  current: number;
}

export function paintScatter(canvas: HTMLCanvasElement, viewport: Viewport, points: Points, emphasis: Emphasis): void {
  const context = canvas.getContext("2d")!;
  const ratio = canvas.width / viewport.width;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, viewport.width, viewport.height);
  const font = getComputedStyle(canvas).fontFamily;
  paintGrid(context, viewport, points, font);

  const labelled = points.labels.length > 0;
  const radius = Math.min(6, (points.x.length > 2500 ? 2.1 : 2.6) * Math.sqrt(Math.max(1, viewport.magnification)) ** 0.7);
  for (let i = 0; i < points.x.length; i++) {
    const label = labelled ? points.labels[i]! : 0;
    if (emphasis.hidden.has(label)) continue;
    const [x, y] = [viewport.pixelX(points.x[i]!), viewport.pixelY(points.y[i]!)];
    if (!(x > -9 && x < viewport.width + 9 && y > -9 && y < viewport.height + 9)) continue;
    context.globalAlpha = emphasis.highlighted === null ? 0.72 : emphasis.highlighted === label ? 0.95 : 0.1;
    context.fillStyle = category(label);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
  if (labelled) paintNames(context, viewport, points, emphasis, font);
  if (emphasis.current >= 0) {
    const [x, y] = [viewport.pixelX(points.x[emphasis.current]!), viewport.pixelY(points.y[emphasis.current]!)];
    context.beginPath();
    context.arc(x, y, radius + 3.5, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = token("--ink");
    context.stroke();
  }
}

function paintGrid(context: CanvasRenderingContext2D, viewport: Viewport, points: Points, font: string): void {
  context.lineWidth = 1;
  context.font = `11px ${font}`;
  context.strokeStyle = token("--hairline");
  context.fillStyle = token("--muted");
  const { width, height } = viewport;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (const x of ticks(viewport.dataX(0), viewport.dataX(width), width / 90)) {
    const at = Math.round(viewport.pixelX(x)) + 0.5;
    line(context, at, 0, at, height);
    if (at > 34 && at < width - 40) context.fillText(compact(x), at, height - 5);
  }
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const y of ticks(viewport.dataY(height), viewport.dataY(0), height / 90)) {
    const at = Math.round(viewport.pixelY(y)) + 0.5;
    line(context, 0, at, width, at);
    if (at > 30 && at < height - 22) context.fillText(compact(y), 5, at - 8);
  }
  context.font = `italic 600 12px ${font}`;
  context.fillStyle = token("--ink-soft");
  context.textBaseline = "top";
  context.fillText(`${points.yName} ↑`, 6, 7);
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(`${points.xName} →`, width - 7, height - 5);
}

function paintNames(context: CanvasRenderingContext2D, viewport: Viewport, points: Points, emphasis: Emphasis, font: string): void {
  context.font = `700 15px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const [label, { x, y }] of densest(points)) {
    if (emphasis.hidden.has(label) || (emphasis.highlighted !== null && emphasis.highlighted !== label)) continue;
    const [px, py] = [viewport.pixelX(x), viewport.pixelY(y)];
    context.lineWidth = 5;
    context.strokeStyle = token("--paper");
    context.globalAlpha = 0.85;
    context.strokeText(points.names[label]!, px, py);
    context.globalAlpha = 1;
    context.fillStyle = token("--ink");
    context.fillText(points.names[label]!, px, py);
  }
}

const known = new WeakMap<Points, Map<number, { x: number; y: number }>>();

/** The point of each class with the most of its class around it: a mean would fall between the parts of a class that lies in two. */
function densest(points: Points): Map<number, { x: number; y: number }> {
  const cached = known.get(points);
  if (cached) return cached;
  const { x, y, labels } = points;
  const members = new Map<number, number[]>();
  labels.forEach((label, i) => {
    if (label < 0) return;
    const list = members.get(label) ?? [];
    members.set(label, list);
    list.push(i);
  });
  const result = new Map<number, { x: number; y: number }>();
  for (const [label, list] of members) {
    const reach = (spread(list, x) ** 2 + spread(list, y) ** 2) / 8;
    let [best, most] = [list[0]!, -1];
    for (const i of list) {
      let count = 0;
      for (const j of list) if ((x[i]! - x[j]!) ** 2 + (y[i]! - y[j]!) ** 2 < reach) count++;
      if (count > most) [best, most] = [i, count];
    }
    result.set(label, { x: x[best]!, y: y[best]! });
  }
  known.set(points, result);
  return result;
}

/** The standard deviation of some of the values. */
function spread(list: number[], values: Float32Array): number {
  const mean = list.reduce((sum, i) => sum + values[i]!, 0) / list.length;
  return Math.sqrt(list.reduce((sum, i) => sum + (values[i]! - mean) ** 2, 0) / list.length);
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
