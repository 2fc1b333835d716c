// A sequence over time: what was observed, coloured by the most likely state, above the posterior of each state.

import { areaY, axisX, axisY, dot, gridY, lineY, plot, rect, stackY } from "@observablehq/plot";
import { floats, integers } from "../blob";
import type { StateTimelineSection } from "../contract";
import { h, onWidth } from "../dom";
import { compact, number } from "../format";
import { categoryVariable } from "../palette";

export async function timeline(section: StateTimelineSection, body: HTMLElement): Promise<void> {
  const states = section.stateNames.length;
  const columns = section.columnNames.length;
  const holder = h("div", { class: "timeline" });
  const legend = h(
    "div",
    { class: "chips", "aria-label": "States" },
    ...section.stateNames.map((name, k) => h("span", { class: "option" }, h("span", { class: "dot", style: `background:${categoryVariable(k)}` }), name)),
  );
  const choose = h("select", { "aria-label": "sequence" }, ...section.sequences.map((sequence, i) => h("option", { value: i }, sequence.name)));
  body.append(h("div", { class: "controls" }, section.sequences.length > 1 ? choose : h("span", { class: "hint" }, section.sequences[0]!.name), legend), holder);
  let width = 0;
  let values: Float32Array = new Float32Array();
  let path: Int32Array = new Int32Array();
  let posteriors: Float32Array = new Float32Array();

  const load = async () => {
    const sequence = section.sequences[Number(choose.value)]!;
    [values, path, posteriors] = await Promise.all([floats(sequence.values), integers(sequence.path), floats(sequence.posteriors)]);
    draw();
  };
  const draw = () => {
    if (width === 0 || path.length === 0) return;
    const runs = runsOf(path);
    const common = { width, marginLeft: 52, marginRight: 12, x: { domain: [-0.5, path.length - 0.5] } };
    const bands = (low: number, high: number) => rect(runs, { x1: "from", x2: "to", y1: low, y2: high, fill: (run: Run) => categoryVariable(run.state), fillOpacity: 0.16 });
    const panels = section.columnNames.map((name, c) => {
      const points = Array.from(path, (state, t) => ({ t, state, value: values[t * columns + c]! })).filter((point) => Number.isFinite(point.value));
      const [low, high] = points.length > 0 ? [Math.min(...points.map((point) => point.value)), Math.max(...points.map((point) => point.value))] : [0, 1];
      const air = (high - low || 1) * 0.06;
      return plot({
        ...common,
        height: columns > 2 ? 118 : 160,
        marginTop: 20,
        marginBottom: 6,
        ariaLabel: `${name} over ${path.length} rows, with the most likely states behind it`,
        y: { domain: [low - air, high + air] },
        marks: [
          bands(low - air, high + air),
          gridY({ stroke: "var(--hairline)", strokeOpacity: 1, ticks: 4 }),
          axisY({ tickSize: 0, ticks: 4, label: `↑ ${name}`, tickFormat: compact }),
          lineY(points, { x: "t", y: "value", stroke: "var(--muted)", strokeWidth: 1 }),
          dot(points, {
            x: "t",
            y: "value",
            r: path.length > 250 ? 1.6 : 2.6,
            fill: (point: { state: number }) => categoryVariable(point.state),
            title: (point: { t: number; state: number; value: number }) => `row ${point.t}: ${name} ${compact(point.value)}\n${section.stateNames[point.state]!}, ${number(posteriors[point.t * states + point.state]!, 3)}`,
          }),
        ],
      });
    });
    const shares = Array.from(posteriors, (share, i) => ({ t: Math.floor(i / states), state: i % states, share }));
    const posterior = plot({
      ...common,
      height: 116,
      marginTop: 20,
      marginBottom: 34,
      ariaLabel: "The posterior probability of each state",
      y: { domain: [0, 1] },
      marks: [
        areaY(shares, stackY({ x: "t", y: "share", z: "state", fill: (item: { state: number }) => categoryVariable(item.state), fillOpacity: 0.85, curve: "step" })),
        axisY({ tickSize: 0, ticks: 2, label: "↑ p(state | all rows)" }),
        axisX({ tickSize: 0, label: "row →" }),
      ],
    });
    holder.replaceChildren(...panels.map((panel) => h("div", { class: "plot bars" }, panel)), h("div", { class: "plot bars" }, posterior));
  };
  choose.addEventListener("change", () => void load());
  onWidth(holder, (next) => {
    width = next;
    draw();
  });
  await load();
}

interface Run {
  from: number;
  to: number;
  state: number;
}

/** The stretches of one state. */
function runsOf(path: Int32Array): Run[] {
  const runs: Run[] = [];
  path.forEach((state, t) => {
    const last = runs[runs.length - 1];
    if (last && last.state === state) last.to = t + 0.5;
    else runs.push({ from: t - 0.5, to: t + 0.5, state });
  });
  return runs;
}
