// One panel: its plot, and the pointer it shares with the others.

import { axisX, axisY, gridY, line as lineMark, plot, ruleX, text } from "@observablehq/plot";
import { h, svg } from "../dom";
import { compact, decimalsFor, number } from "../format";
import { extentX, extentY, nearest, thin, type Line, type Panel } from "./lines";

export interface View {
  logarithmic: boolean;
  /** The share of the horizontal axis left out at its start. */
  skip: number;
  xLabel: string;
  marks: { x: number; label: string }[];
  shown: (line: Line) => boolean;
}

export class Chart {
  readonly element: HTMLElement;
  /** Told when the pointer is at an abscissa of this panel, or gone. */
  onpoint: (x: number | null) => void = () => {};
  private readonly holder = h("div", { class: "plot" });
  private readonly readout = h("ul", { class: "readout" });
  private readonly spoken = h("span", { class: "visually-hidden", role: "status" });
  private view: View | null = null;
  private scaleX: ((x: number) => number) | null = null;
  private scaleY: ((y: number) => number) | null = null;
  private pointer: SVGElement | null = null;
  private size = { width: 0, height: 0, top: 14, bottom: 34 };
  private at: number | null = null;
  private readonly decimals: number;

  constructor(readonly panel: Panel, readonly tall: boolean) {
    const range = extentY(panel.lines, -Infinity, Infinity);
    this.decimals = range ? decimalsFor(range[1] - range[0]) : 2;
    const names = [...new Set(panel.lines.map((line) => line.name))].join(" and ");
    this.holder.tabIndex = 0;
    this.holder.setAttribute("role", "group");
    this.holder.setAttribute("aria-label", `${panel.title}: ${names}. Left and right arrow keys read values.`);
    this.element = h(
      "figure",
      { class: tall ? "panel tall" : "panel", "data-panel": panel.title },
      h(
        "figcaption",
        {},
        h("span", { class: "panel-title" }, panel.title),
        panel.unit ? h("span", { class: "panel-unit" }, panel.unit) : null,
        panel.explanation ? h("span", { class: "panel-explanation" }, panel.explanation) : null,
        this.readout,
      ),
      this.holder,
      this.spoken,
    );
    this.holder.addEventListener("pointermove", (event) => this.onpoint(this.abscissa(event)));
    this.holder.addEventListener("pointerleave", () => this.onpoint(null));
    this.holder.addEventListener("blur", () => this.onpoint(null));
    this.holder.addEventListener("keydown", (event) => this.key(event));
  }

  draw(view: View, width: number): void {
    this.view = view;
    const height = this.tall ? 300 : 190;
    this.size = { ...this.size, width, height };
    const lines = this.visible();
    const whole = extentX(this.panel.lines, view.logarithmic);
    this.holder.replaceChildren();
    this.pointer = this.scaleX = this.scaleY = null;
    if (!whole) return;
    const start = view.skip > 0 ? whole[0] + view.skip * (whole[1] - whole[0]) : whole[0];
    const domainX: [number, number] = start < whole[1] ? [start, whole[1]] : whole;
    const most = Math.max(3, Math.floor(width / 90));
    const counted = wholeNumbers(domainX, most);
    const domainY = extentY(lines, domainX[0], domainX[1]) ?? [0, 1];
    const chart = plot({
      width,
      height,
      marginLeft: 50,
      marginRight: 14,
      marginTop: this.size.top,
      marginBottom: this.size.bottom,
      x: { type: view.logarithmic ? "log" : "linear", domain: domainX[0] < domainX[1] ? domainX : [domainX[0] - 0.5, domainX[0] + 0.5] },
      y: { domain: domainY },
      ariaLabel: this.panel.title,
      marks: [
        gridY({ stroke: "var(--hairline)", strokeOpacity: 1, ticks: this.tall ? 6 : 4 }),
        axisX({ tickSize: 0, tickPadding: 8, ticks: counted ?? most, label: view.xLabel, labelAnchor: "right", labelArrow: "none", labelOffset: 32, ...(view.logarithmic ? { tickFormat: "~s" } : counted ? { tickFormat: compact } : {}) }),
        axisY({ tickSize: 0, tickPadding: 6, ticks: this.tall ? 6 : 4, label: null }),
        ruleX(view.marks.filter(({ x }) => x >= domainX[0] && x <= domainX[1]), { x: "x", stroke: "var(--muted)", strokeDasharray: "1,3" }),
        text(view.marks.filter(({ x }) => x >= domainX[0] && x <= domainX[1]), { x: "x", text: "label", frameAnchor: "top", dy: -8, fill: "var(--muted)" }),
        ...lines.map((line) => {
          const kept = thin(line.y, width);
          return lineMark(kept, {
            x: (i: number) => line.x[i]!,
            y: (i: number) => line.y[i]!,
            stroke: line.colour,
            strokeWidth: 1.8,
            ...(line.dash ? { strokeDasharray: line.dash } : {}),
            ...(kept.length === 1 ? { marker: "dot" as const } : {}),
            clip: true,
          });
        }),
      ],
    });
    this.scaleX = chart.scale("x")!.apply as (x: number) => number;
    this.scaleY = chart.scale("y")!.apply as (y: number) => number;
    this.pointer = svg("g", { class: "pointer", "pointer-events": "none" });
    const root = chart instanceof SVGSVGElement ? chart : chart.querySelector("svg")!;
    root.append(this.pointer);
    this.holder.append(chart);
    this.point(this.at);
  }

  /** Shows the values at `x`; where it is null, at the one place that is marked, or else the last values. */
  point(x: number | null): void {
    this.at = x;
    const lines = this.visible();
    const mark = x === null && this.view!.marks.length === 1 ? this.view!.marks[0]! : null;
    const place = x ?? mark?.x ?? null;
    const several = new Set(this.panel.lines.map((line) => line.run)).size > 1;
    this.readout.replaceChildren(
      ...lines.map((line) => {
        const i = place === null ? line.x.length - 1 : nearest(line.x, place);
        return h(
          "li",
          {},
          sample(line),
          several ? `${line.run}, ${line.name}` : line.name,
          h("b", {}, i >= 0 ? number(line.y[i]!, this.decimals) : ""),
        );
      }),
      ...(mark ? [h("li", { class: "readout-place" }, `${mark.label}: ${this.view!.xLabel} ${compact(mark.x)}`)] : []),
    );
    if (!this.pointer || !this.scaleX || !this.scaleY) return;
    this.pointer.replaceChildren();
    if (x === null) return;
    const [sx, sy] = [this.scaleX, this.scaleY];
    this.pointer.append(
      svg("line", { x1: sx(x), x2: sx(x), y1: this.size.top, y2: this.size.height - this.size.bottom, stroke: "var(--muted)" }),
      svg("text", { x: sx(x), y: this.size.height - this.size.bottom + 16, class: "pointer-label" }, `${this.view!.xLabel} ${compact(x)}`),
    );
    for (const line of lines) {
      const i = nearest(line.x, x);
      if (i >= 0 && Number.isFinite(line.y[i]!)) {
        this.pointer.append(svg("circle", { cx: sx(line.x[i]!), cy: sy(line.y[i]!), r: 3.5, fill: line.colour, stroke: "var(--paper)", "stroke-width": 1.5 }));
      }
    }
  }

  private visible(): Line[] {
    return this.panel.lines.filter((line) => this.view!.shown(line));
  }

  /** The abscissa of a drawn point nearest to the pointer. */
  private abscissa(event: PointerEvent): number | null {
    const box = this.holder.getBoundingClientRect();
    const at = event.clientX - box.left;
    let best: number | null = null;
    for (const line of this.visible()) {
      // The scale is monotone, so bisection over the points finds the nearest on screen, whatever the scale.
      let [low, high] = [0, line.x.length - 1];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (this.scaleX!(line.x[middle]!) <= at) low = middle;
        else high = middle;
      }
      for (const i of [low, high]) {
        const x = line.x[i];
        if (x === undefined) continue;
        if (best === null || Math.abs(this.scaleX!(x) - at) < Math.abs(this.scaleX!(best) - at)) best = x;
      }
    }
    return best;
  }

  private key(event: KeyboardEvent): void {
    const line = this.visible()[0];
    if (!line || line.x.length === 0) return;
    const last = line.x.length - 1;
    const current = this.at === null ? last : nearest(line.x, this.at);
    const step = event.shiftKey ? Math.max(1, Math.round(last / 20)) : 1;
    const next = {
      ArrowLeft: this.at === null ? last : Math.max(0, current - step),
      ArrowRight: this.at === null ? 0 : Math.min(last, current + step),
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Escape") this.onpoint(null);
    if (next === undefined) return;
    event.preventDefault();
    const x = line.x[next]!;
    this.onpoint(x);
    this.spoken.textContent = `${this.view!.xLabel} ${compact(x)}: ${[...this.readout.children].map((item) => item.textContent).join(", ")}`;
  }
}

/** A short stroke in the line's colour and dash. */
export function sample(line: Pick<Line, "colour" | "dash">): SVGElement {
  return svg(
    "svg",
    { class: "sample", width: 18, height: 8, "aria-hidden": "true" },
    svg("line", { x1: 0, x2: 18, y1: 4, y2: 4, stroke: line.colour, "stroke-width": 2.2, "stroke-dasharray": line.dash ?? undefined }),
  );
}

/** Iterations, epochs and sizes are counted: where there are few, each has its tick and none stands between two. */
function wholeNumbers([low, high]: [number, number], most: number): number[] | null {
  if (high - low > most) return null;
  const first = Math.ceil(low);
  const ticks = Array.from({ length: Math.max(0, Math.floor(high) - first + 1) }, (_, i) => first + i);
  return ticks.length >= 2 ? ticks : null;
}
