// Posterior means in a plane, coloured by label; the row's picture appears at the pointer.

import { floats, integers } from "../blob";
import type { LatentScatterSection } from "../contract";
import { h, onTheme, onWidth } from "../dom";
import { compact, number, subscript } from "../format";
import { unpackImages, type Images } from "../images";
import { categoryVariable } from "../palette";
import { Lens } from "./lens";
import { paintScatter } from "./scatterPaint";
import { Viewport } from "./viewport";

/** How near, in pixels, the pointer must come to a point. */
const REACH = 14;

export interface Points {
  x: Float32Array;
  y: Float32Array;
  labels: Int32Array;
  names: string[];
  xName: string;
  yName: string;
}

export async function scatter(section: LatentScatterSection, body: HTMLElement): Promise<void> {
  const [x, y, labels, rows] = await Promise.all([floats(section.x), floats(section.y), integers(section.labels), integers(section.rows)]);
  const points = { x, y, labels, names: section.labelNames, xName: subscript(section.xName), yName: subscript(section.yName) };
  const made = new Scatter(section, points, rows);
  body.append(made.element);
  made.attached();
}

class Scatter {
  readonly element: HTMLElement;
  private readonly holder: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly viewport: Viewport;
  private readonly lens: Lens;
  private readonly spoken = h("span", { class: "visually-hidden", role: "status" });
  private readonly hidden = new Set<number>();
  private highlighted: number | null = null;
  private current = -1;
  private thumbnails: Promise<Images> | null = null;
  private scheduled = false;
  /** Pointers that are down, by id, for panning and pinching. */
  private readonly down = new Map<number, { x: number; y: number }>();

  constructor(
    private readonly section: LatentScatterSection,
    private readonly points: Points,
    private readonly rows: Int32Array,
  ) {
    this.viewport = new Viewport(points.x, points.y);
    this.lens = new Lens(section.thumbnails ?? null);
    this.canvas = h("canvas", {
      class: "scatter",
      tabindex: 0,
      role: "application",
      "aria-label": `${section.title}: ${points.x.length} points over ${section.xName} and ${section.yName}. Arrow keys walk from point to point, plus and minus zoom, 0 shows everything.`,
    });
    this.holder = h("div", { class: "scatter-holder" }, this.canvas, this.lens.element, this.zoomButtons());
    this.element = h("div", { class: "scatter-layout" }, this.holder, this.legend(), this.spoken);
    this.listen();
    onTheme(() => this.paint());
  }

  /** Draws for the first time: only now, in the page, has it a width, and a page that says it is drawn must not wait for a frame to be so. */
  attached(): void {
    onWidth(this.holder, (width) => this.resize(width));
  }

  private resize(width: number): void {
    const height = Math.round(Math.min(620, Math.max(320, width * 0.78)));
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.height = `${height}px`;
    this.viewport.resize(width, height);
    // At once: setting its size has emptied the canvas.
    this.draw();
  }

  private paint(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.draw();
    });
  }

  private draw(): void {
    paintScatter(this.canvas, this.viewport, this.points, { hidden: this.hidden, highlighted: this.highlighted, current: this.current });
  }

  private listen(): void {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.down.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    });
    const up = (event: PointerEvent) => this.down.delete(event.pointerId);
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("pointermove", (event) => this.moved(event));
    canvas.addEventListener("pointerleave", () => this.select(-1));
    canvas.addEventListener("blur", () => this.select(-1));
    canvas.addEventListener("dblclick", (event) => this.zoom(2, event.offsetX, event.offsetY));
    canvas.addEventListener(
      "wheel",
      (event) => {
        // Without the key the wheel scrolls the page, as everywhere else on it; a pinch on a touchpad arrives with the key set.
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.zoom(Math.exp(-event.deltaY * 0.004), event.offsetX, event.offsetY);
      },
      { passive: false },
    );
    canvas.addEventListener("keydown", (event) => {
      const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (direction) this.select(this.neighbour(direction[0]!, direction[1]!));
      else if (event.key === "+" || event.key === "=") this.zoom(1.5);
      else if (event.key === "-") this.zoom(1 / 1.5);
      else if (event.key === "0") this.reset();
      else if (event.key === "Escape") this.select(-1);
      else return;
      event.preventDefault();
    });
  }

  private moved(event: PointerEvent): void {
    const before = this.down.get(event.pointerId);
    const now = { x: event.offsetX, y: event.offsetY };
    if (!before) {
      this.select(this.at(now.x, now.y));
      return;
    }
    this.down.set(event.pointerId, now);
    const other = [...this.down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const distance = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
      this.zoom(distance(now) / Math.max(1, distance(before)), other.x, other.y);
    } else {
      this.viewport.pan(now.x - before.x, now.y - before.y);
      this.select(-1);
      this.paint();
    }
  }

  private zoom(factor: number, x?: number, y?: number): void {
    this.viewport.zoom(factor, x, y);
    this.select(-1);
    this.paint();
  }

  private reset(): void {
    this.viewport.reset();
    this.paint();
  }

  /** The shown point nearest to a pixel, or −1 where none is near. */
  private at(px: number, py: number): number {
    let [best, least] = [-1, REACH ** 2];
    for (let i = 0; i < this.points.x.length; i++) {
      if (this.hidden.has(this.points.labels[i] ?? -1)) continue;
      const distance = (this.viewport.pixelX(this.points.x[i]!) - px) ** 2 + (this.viewport.pixelY(this.points.y[i]!) - py) ** 2;
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  }

  /** The next point in a direction: near, and rather ahead than aside. */
  private neighbour(dx: number, dy: number): number {
    const { x, y, labels } = this.points;
    const [fromX, fromY] = this.current >= 0 ? [this.viewport.pixelX(x[this.current]!), this.viewport.pixelY(y[this.current]!)] : [this.viewport.width / 2, this.viewport.height / 2];
    let [best, least] = [this.current, Infinity];
    for (let i = 0; i < x.length; i++) {
      if (i === this.current || this.hidden.has(labels[i] ?? -1)) continue;
      const [px, py] = [this.viewport.pixelX(x[i]!) - fromX, this.viewport.pixelY(y[i]!) - fromY];
      const ahead = px * dx + py * dy;
      const aside = Math.abs(px * dy - py * dx);
      if (this.current >= 0 && ahead <= 0) continue;
      const cost = Math.abs(ahead) + 3 * aside;
      if (cost < least) [best, least] = [i, cost];
    }
    return best;
  }

  private select(index: number): void {
    if (index === this.current) return;
    this.current = index;
    this.paint();
    if (index < 0) {
      this.lens.hide();
      delete this.canvas.dataset["row"];
      return;
    }
    void this.describe(index);
  }

  private async describe(index: number): Promise<void> {
    const { x, y, labels, names, xName, yName } = this.points;
    const row = this.rows.length > 0 ? this.rows[index]! : index;
    const label = labels.length > 0 && labels[index]! >= 0 ? names[labels[index]!]! : null;
    const place = `${xName} = ${number(x[index]!)}, ${yName} = ${number(y[index]!)}`;
    this.thumbnails ??= this.section.thumbnails ? unpackImages(this.section.thumbnails) : null;
    const images = await this.thumbnails;
    // The pointer may have moved on while the pictures were unpacked.
    if (this.current !== index) return;
    this.canvas.dataset["row"] = String(row);
    this.spoken.textContent = `${label ?? ""} ${this.section.rowName} ${row}, ${place}`;
    this.lens.show(
      this.viewport.pixelX(x[index]!),
      this.viewport.pixelY(y[index]!),
      images,
      index,
      label !== null ? h("strong", {}, h("span", { class: "dot", style: `background:${categoryVariable(labels[index]!)}` }), label) : null,
      h("span", {}, `${this.section.rowName} ${row}`),
      h("span", {}, place),
    );
  }

  private legend(): HTMLElement | null {
    const { labels, names } = this.points;
    if (labels.length === 0) return h("p", { class: "hint" }, hintText(false));
    const counts = new Map<number, number>();
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    const list = h("div", { class: "legend", role: "group", "aria-label": "Classes shown" });
    for (const [index, name] of names.entries()) {
      if (!counts.has(index)) continue;
      const button = h(
        "button",
        { type: "button", class: "chip", "aria-pressed": "true" },
        h("span", { class: "dot", style: `background:${categoryVariable(index)}` }),
        h("span", { class: "chip-name" }, name),
        h("span", { class: "chip-count" }, compact(counts.get(index)!)),
      );
      button.addEventListener("click", () => {
        const shown = this.hidden.delete(index);
        if (!shown) this.hidden.add(index);
        button.setAttribute("aria-pressed", String(shown));
        this.paint();
      });
      const highlight = (on: boolean) => () => {
        this.highlighted = on ? index : null;
        this.paint();
      };
      button.addEventListener("pointerenter", highlight(true));
      button.addEventListener("pointerleave", highlight(false));
      list.append(button);
    }
    return h("div", { class: "legend-box" }, list, h("p", { class: "hint" }, hintText(true)));
  }

  private zoomButtons(): HTMLElement {
    const button = (text: string, label: string, press: () => void) => h("button", { type: "button", "aria-label": label, title: label, onclick: press }, text);
    return h(
      "div",
      { class: "zoom-buttons" },
      button("+", "Zoom in", () => this.zoom(1.5)),
      button("\u2212", "Zoom out", () => this.zoom(1 / 1.5)),
      button("\u2922", "Show everything", () => this.reset()),
    );
  }
}

function hintText(hasClasses: boolean): string {
  return `Point at a dot to see the row. Drag to move, Ctrl or ⌘ and wheel to zoom${hasClasses ? "; press a class to hide it" : ""}.`;
}
