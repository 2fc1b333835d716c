// Panels of curves with one pointer and one set of switches.

import { floats } from "../blob";
import type { CurvesSection } from "../contract";
import { h, onWidth } from "../dom";
import { categoryVariable } from "../palette";
import { Chart, sample, type View } from "./chart";
import type { Line, Panel } from "./lines";

/** Dashes that tell curves apart without colour. */
const DASHES = [null, "5,3", "1.5,2.5", "8,3,1.5,3"];
const BESIDE = "2,3";
/** Blue, orange, purple, red-brown, ...: the order in which the ten colours stay apart best as thin lines. */
const LINE_COLOURS = [0, 6, 4, 2, 5, 3, 1, 8, 7, 9];

/** The curves of one run: colour and dash tell the curves apart. */
export async function curves(section: CurvesSection, body: HTMLElement): Promise<void> {
  show(await panelsOf([{ run: null, section }]), section.xLabel, section.marks, body, section.logarithmic);
}

/** The curves of several runs in shared panels: colour tells the run, dash the curve. */
export async function sharedCurves(runs: { run: string; section: CurvesSection }[], body: HTMLElement): Promise<void> {
  show(await panelsOf(runs), runs[0]!.section.xLabel, [], body);
}

async function panelsOf(runs: { run: string | null; section: CurvesSection }[]): Promise<Panel[]> {
  const names = [...new Set(runs.flatMap(({ section }) => section.panels.flatMap((panel) => panel.curves.map((curve) => curve.name))))];
  const paired = runs.some(({ section }) => section.panels.some((panel) => panel.curves.some((curve) => curve.beside !== undefined)));
  const panels = new Map<string, Panel>();
  for (const [r, { run, section }] of runs.entries()) {
    for (const { title, unit, explanation, curves: list } of section.panels) {
      const panel = panels.get(title) ?? { title, unit, explanation, lines: [] };
      panels.set(title, panel);
      for (const curve of list) {
        const n = names.indexOf(curve.name);
        const [x, y] = [await floats(curve.x), await floats(curve.y)];
        if (x.length === 0) continue;
        panel.lines.push({ run, name: curve.name, x, y, ...(paired && run === null ? pairedLooks(curve, names) : { colour: lineColour(run === null ? n : r), dash: DASHES[n % DASHES.length]! }) });
      }
    }
  }
  return [...panels.values()].filter((panel) => panel.lines.length > 0);
}

/** Where curves are set beside others, those are whole and these broken, in one colour. */
function pairedLooks(curve: { name: string; beside?: string }, names: string[]): Pick<Line, "colour" | "dash"> {
  return { colour: lineColour(names.indexOf(curve.beside ?? curve.name)), dash: curve.beside === undefined ? null : BESIDE };
}

export function lineColour(index: number): string {
  return categoryVariable(LINE_COLOURS[index % LINE_COLOURS.length]!);
}

function show(panels: Panel[], xLabel: string, marks: { x: number; label: string }[], body: HTMLElement, logarithmic = false): void {
  const hidden = new Set<string>();
  const lines = panels.flatMap((panel) => panel.lines);
  const view: View = {
    logarithmic,
    skip: 0,
    xLabel,
    marks,
    shown: (line) => !hidden.has(`name ${line.name}`) && !hidden.has(`run ${line.run}`),
  };
  const charts = panels.map((panel, i) => new Chart(panel, i === 0));
  const redraw: (() => void)[] = [];
  const grid = h("div", { class: "panels" }, ...charts.map((chart) => chart.element));
  const all = () => redraw.forEach((draw) => draw());
  body.append(switches(lines, hidden, view, all), grid);
  for (const chart of charts) {
    chart.onpoint = (x) => charts.forEach((other) => other.point(x));
    let width = 0;
    const draw = () => width > 0 && chart.draw(view, width);
    redraw.push(draw);
    onWidth(chart.element, (next) => {
      width = next;
      draw();
    });
  }
}

function switches(lines: Line[], hidden: Set<string>, view: View, redraw: () => void): HTMLElement {
  const runs = [...new Set(lines.map((line) => line.run))].filter((run) => run !== null);
  const names = [...new Set(lines.map((line) => line.name))];
  const toggle = (key: string, label: string, look: Pick<Line, "colour" | "dash">) => {
    const button = h("button", { type: "button", class: "chip", "aria-pressed": "true" }, sample(look), label);
    button.addEventListener("click", () => {
      const show = hidden.delete(key);
      if (!show) hidden.add(key);
      button.setAttribute("aria-pressed", String(show));
      redraw();
    });
    return button;
  };
  const option = (label: string, title: string, on: boolean, change: (on: boolean) => void) => {
    const input = h("input", { type: "checkbox", checked: on });
    input.addEventListener("change", () => {
      change(input.checked);
      redraw();
    });
    return h("label", { class: "option", title }, input, label);
  };
  const series = h("div", { class: "chips", role: "group", "aria-label": "Curves shown" });
  for (const run of runs) series.append(toggle(`run ${run}`, run, { colour: lines.find((line) => line.run === run)!.colour, dash: null }));
  if (names.length > 1) {
    for (const name of names) {
      const line = lines.find((candidate) => candidate.name === name)!;
      series.append(toggle(`name ${name}`, name, runs.length > 0 ? { colour: "var(--muted)", dash: line.dash } : line));
    }
  }
  return h(
    "div",
    { class: "controls" },
    series,
    h(
      "div",
      { class: "options" },
      option(`log ${view.xLabel}`, "A logarithmic horizontal axis", view.logarithmic, (on) => (view.logarithmic = on)),
      option("skip the start", "Leaves out the first fifth, where the bound climbs steeply", false, (on) => (view.skip = on ? 0.2 : 0)),
    ),
  );
}
