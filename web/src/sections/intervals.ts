// Named values with intervals, as dots on a line: one panel each, two side by side.

import { axisX, axisY, dot, gridX, gridY, plot, ruleX, ruleY, text } from "@observablehq/plot";
import type { IntervalPanel, IntervalsSection } from "../contract";
import { h, onWidth } from "../dom";
import { compact } from "../format";

const COLOURS = ["var(--accent)", "var(--warm)", "var(--muted)"];
const ROW = 21;

interface Mark {
  name: string;
  value: number;
  low: number;
  high: number;
  colour: string;
  none: boolean;
}

export function intervals(section: IntervalsSection, body: HTMLElement): void {
  const legend = section.classNames.map((name, i) => h("li", {}, h("span", { class: "dot", style: `background:${colour(i)}` }), name));
  const figures = section.panels.map((panel) => figure(panel));
  body.append(...(legend.length > 0 ? [h("ul", { class: "classes" }, ...legend)] : []), h("div", { class: "panels" }, ...figures.map(({ element }) => element)));
  for (const { element, draw } of figures) onWidth(element, draw);
}

function figure(panel: IntervalPanel): { element: HTMLElement; draw: (width: number) => void } {
  const holder = h("div", { class: "plot intervals" });
  const element = h(
    "figure",
    { class: "panel", "data-panel": panel.title },
    h(
      "figcaption",
      {},
      h("span", { class: "panel-title" }, panel.title),
      panel.explanation ? h("span", { class: "panel-explanation" }, panel.explanation) : null,
    ),
    holder,
  );
  const domain = extent(panel);
  // On a logarithmic axis, 0 stands at the left end and says so.
  const marks: Mark[] = panel.intervals.map((item) => {
    const value = item.value ?? NaN;
    const none = panel.logarithmic && value === 0;
    const inside = (at: number | null) => (none ? domain[0] : Math.max(domain[0], Math.min(domain[1], at ?? NaN)));
    return { name: item.name, value: none ? domain[0] : value, low: inside(item.low), high: inside(item.high), colour: colour(item.class), none };
  });
  const left = Math.min(250, 14 + 6.3 * Math.max(...marks.map((mark) => mark.name.length)));
  const draw = (width: number) => {
    const names = width > 2 * left;
    holder.replaceChildren(
      plot({
        width,
        height: marks.length * ROW + 48,
        marginLeft: names ? left : Math.min(left, width * 0.55),
        marginRight: 16,
        marginTop: 4,
        marginBottom: 40,
        ariaLabel: `${panel.title}: ${panel.xLabel}`,
        x: { type: panel.logarithmic ? "log" : "linear", domain },
        y: { type: "band", domain: marks.map((mark) => mark.name) },
        marks: [
          gridX({ stroke: "var(--hairline)", strokeOpacity: 1, ticks: Math.max(2, Math.floor(width / 130)) }),
          gridY({ stroke: "var(--hairline)", strokeOpacity: 1 }),
          axisX({ tickSize: 0, tickPadding: 6, ticks: Math.max(2, Math.floor(width / 130)), label: panel.xLabel, labelAnchor: "right", labelArrow: "none", labelOffset: 34, tickFormat: panel.logarithmic ? power : compact }),
          axisY({ tickSize: 0, tickPadding: 8, label: null }),
          typeof panel.reference === "number" ? ruleX([panel.reference], { stroke: "var(--muted)" }) : null,
          ruleY(marks, { y: "name", x1: "low", x2: "high", stroke: "colour", strokeWidth: 2 }),
          dot(marks, { x: "value", y: "name", r: 3.6, fill: (mark: Mark) => (mark.none ? "var(--paper)" : mark.colour), stroke: "colour", strokeWidth: 1.5, title: (mark: Mark) => `${mark.name}: ${mark.none ? "0" : compact(mark.value)}` }),
          text(marks.filter((mark) => mark.none), { x: "value", y: "name", text: () => "0, exact", textAnchor: "start", dx: 9, fill: "var(--muted)" }),
        ],
      }),
    );
  };
  return { element, draw };
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

/** Powers of ten as such; other ticks of a logarithmic axis have no room. */
function power(value: number): string {
  const exponent = Math.log10(value);
  if (Math.abs(exponent - Math.round(exponent)) > 1e-9) return "";
  return Math.abs(exponent) < 3.5 ? compact(value) : `10${[...String(Math.round(exponent))].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("")}`;
}

function extent(panel: IntervalPanel): [number, number] {
  const seen = panel.intervals
    .flatMap((item) => [item.low, item.value, item.high])
    .concat(panel.reference ?? null)
    .filter((value): value is number => typeof value === "number" && Number.isFinite(value) && (!panel.logarithmic || value > 0));
  if (seen.length === 0) return panel.logarithmic ? [0.1, 10] : [-1, 1];
  const [low, high] = [Math.min(...seen), Math.max(...seen)];
  if (panel.logarithmic) {
    const none = panel.intervals.some((item) => item.value === 0);
    return [10 ** Math.floor(Math.log10(low) - (none ? 1 : 0)), 10 ** Math.ceil(Math.log10(high) + 1e-9)];
  }
  const air = (high - low) * 0.05 || Math.abs(low) * 0.1 || 1;
  return [low - air, high + air];
}
