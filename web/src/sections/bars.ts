// A bar chart: KL per latent dimension and the like.

import { axisX, axisY, barY, gridY, plot, ruleY, text } from "@observablehq/plot";
import type { BarsSection } from "../contract";
import { h, onWidth, prose } from "../dom";
import { number, subscript } from "../format";

/** Above this many bars the values no longer fit over them, and the names are thinned. */
const MOST_LABELLED = 24;

export function bars(section: BarsSection, body: HTMLElement): void {
  const list = section.bars.map((bar) => ({ ...bar, name: subscript(bar.name), value: bar.value ?? NaN }));
  if (section.sorted) list.sort((a, b) => b.value - a.value);
  const labelled = list.length <= MOST_LABELLED;
  const holder = h("div", { class: "plot bars" });
  const unit = section.unit ? `, ${section.unit}` : "";
  const label = (some: typeof list, dy: number) => text(some, { x: "name", y: "value", text: (bar: (typeof list)[number]) => number(bar.value), dy, fill: "var(--ink-soft)" });
  const below = labelled && list.some((bar) => bar.value < 0) ? 14 : 0;
  onWidth(body, (available) => {
    // Wide enough for the names, as far as the page goes.
    const each = Math.max(46, 7 * Math.max(...list.map((bar) => bar.name.length)) + 10);
    const width = Math.min(available, Math.max(220, 70 + list.length * each));
    const every = labelled && width >= 70 + list.length * each * 0.8 ? 1 : Math.ceil(list.length / Math.max(1, Math.floor((width - 70) / Math.max(34, each * 0.9))));
    holder.replaceChildren(
      plot({
        width,
        height: 240 + below,
        marginLeft: 46,
        marginTop: 22,
        // A negative bar may reach the axis, and its value still stands above the names.
        marginBottom: 34 + below,
        x: { type: "band", domain: list.map((bar) => bar.name), padding: labelled ? 0.25 : 0.1 },
        ariaLabel: `${section.title}: ${section.valueLabel}${unit}`,
        marks: [
          gridY({ stroke: "var(--hairline)", strokeOpacity: 1, ticks: 5 }),
          axisX({ tickSize: 0, tickPadding: 7 + below, label: null, ticks: list.filter((_, i) => i % every === 0).map((bar) => bar.name) }),
          axisY({ tickSize: 0, ticks: 5, label: null }),
          barY(list, {
            x: "name",
            y: "value",
            fill: (bar: (typeof list)[number]) => (bar.emphasized ? "var(--accent)" : "var(--faint)"),
            title: (bar: (typeof list)[number]) => `${bar.name}: ${number(bar.value, 3)}${unit}`,
            rx: 1.5,
          }),
          // A value stands beyond the end of its bar, which for a negative one is below.
          ...(labelled ? [label(list.filter((bar) => !(bar.value < 0)), -8), label(list.filter((bar) => bar.value < 0), 9)] : []),
          ruleY([0], { stroke: "var(--muted)" }),
        ],
      }),
    );
  });
  body.append(h("p", { class: "axis-title" }, section.valueLabel, section.unit ? h("span", { class: "panel-unit" }, section.unit) : null), holder);
  if (section.remark) body.append(h("p", { class: "hint" }, ...prose(section.remark)));
}
