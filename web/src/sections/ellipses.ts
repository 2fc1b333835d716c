// Rows over two of their columns, coloured by component, with the ellipses of one and two standard deviations.

import { axisX, axisY, dot, gridX, gridY, line, plot, text } from "@observablehq/plot";
import { floats, integers } from "../blob";
import type { ComponentEllipsesSection } from "../contract";
import { h, onWidth } from "../dom";
import { compact, number } from "../format";
import { categoryVariable } from "../palette";

const STEPS = 72;
/** Components of less weight are empty: no row is theirs. */
const EMPTY = 1e-3;

interface Point {
  x: number;
  y: number;
  component: number;
  row: number;
}

/** As a section of the page, or, plain, as a picture without menus and legend. */
export async function ellipses(section: ComponentEllipsesSection, body: HTMLElement, plain = false): Promise<void> {
  const [values, components, means, covariances, rows] = await Promise.all([
    floats(section.values), integers(section.components), floats(section.means), floats(section.covariances), integers(section.rows),
  ]);
  const columns = section.columnNames.length;
  const order = section.componentNames.map((_, k) => k).sort((a, b) => section.weights[b]! - section.weights[a]!);
  // By weight, so that the ten colours go to the components that are seen.
  const colour = (component: number) => categoryVariable(component < 0 ? component : order.indexOf(component));
  const hidden = new Set<number>();
  let highlighted: number | null = null;
  let [across, up] = [0, 1];
  let width = 0;
  const holder = h("div", { class: "plot ellipses" });

  const draw = () => {
    if (width === 0) return;
    const points: Point[] = [];
    for (let i = 0; i < components.length; i++) {
      const [x, y] = [values[i * columns + across]!, values[i * columns + up]!];
      if (Number.isFinite(x) && Number.isFinite(y) && !hidden.has(components[i]!)) points.push({ x, y, component: components[i]!, row: rows.length > 0 ? rows[i]! : i });
    }
    const shown = section.componentNames.map((_, k) => k).filter((k) => !hidden.has(k) && section.weights[k]! > EMPTY);
    const centre = (k: number) => ({ x: means[k * columns + across]!, y: means[k * columns + up]!, component: k });
    const faint = (k: number) => highlighted !== null && highlighted !== k;
    const rings = covariances.length === 0 ? [] : shown.flatMap((k) => [1, 2].map((radius) => ({ k, radius, path: ring(centre(k), covarianceOf(k), radius) })));
    const domain = (pick: (point: { x: number; y: number }) => number) => {
      const all = [...points.map(pick), ...rings.flatMap((item) => item.path.map(pick)), ...shown.map((k) => pick(centre(k)))].filter(Number.isFinite);
      return all.length > 0 ? [Math.min(...all), Math.max(...all)] : [0, 1];
    };
    holder.replaceChildren(
      plot({
        width,
        height: Math.round(Math.min(600, Math.max(320, width * (plain ? 0.95 : 0.7)))),
        marginLeft: 52,
        marginBottom: 40,
        inset: 8,
        ariaLabel: `${section.title}: ${points.length} rows over ${section.columnNames[across]!} and ${section.columnNames[up]!}`,
        x: { domain: domain((point) => point.x) },
        y: { domain: domain((point) => point.y) },
        marks: [
          gridX({ stroke: "var(--hairline)", strokeOpacity: 1 }),
          gridY({ stroke: "var(--hairline)", strokeOpacity: 1 }),
          axisX({ tickSize: 0, label: `${section.columnNames[across]!} →`, tickFormat: compact }),
          axisY({ tickSize: 0, label: `↑ ${section.columnNames[up]!}`, tickFormat: compact }),
          dot(points, {
            x: "x",
            y: "y",
            r: points.length > 1000 ? 2 : 2.6,
            fill: (point: Point) => colour(point.component),
            fillOpacity: (point: Point) => (faint(point.component) ? 0.08 : 0.6),
            title: (point: Point) => `row ${point.row}: ${section.columnNames[across]!} ${compact(point.x)}, ${section.columnNames[up]!} ${compact(point.y)}\n${section.componentNames[point.component] ?? "no component"}`,
          }),
          ...rings.map(({ k, radius, path }) =>
            line(path, { x: "x", y: "y", stroke: colour(k), strokeWidth: radius === 1 ? 2.2 : 1.2, strokeDasharray: radius === 1 ? "none" : "5,4", strokeOpacity: faint(k) ? 0.15 : 0.95, curve: "linear-closed" }),
          ),
          dot(shown.map(centre), { x: "x", y: "y", symbol: "plus", r: 6, stroke: "var(--paper)", strokeWidth: 5 }),
          dot(shown.map(centre), { x: "x", y: "y", symbol: "plus", r: 6, stroke: (point: { component: number }) => colour(point.component), strokeWidth: 2.4 }),
          shown.length <= 12
            ? text(shown.map(centre), { x: "x", y: "y", dy: -13, text: (point: { component: number }) => section.componentNames[point.component]!, fontWeight: 650, fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 4 })
            : null,
        ],
      }),
    );
  };
  const covarianceOf = (k: number) => {
    const at = (i: number, j: number) => covariances[(k * columns + i) * columns + j]!;
    return [at(across, across), at(across, up), at(up, up)] as const;
  };

  if (plain) body.append(holder);
  else body.append(h("div", { class: "scatter-layout" }, h("div", {}, axisMenus(), holder), legend()));
  onWidth(holder, (next) => {
    width = next;
    draw();
  });

  function axisMenus(): HTMLElement | null {
    return columns > 2 ? axisSelects(section.columnNames, (a, b) => ([across, up] = [a, b]), draw) : null;
  }

  function legend(): HTMLElement {
    const list = h("div", { class: "legend", role: "group", "aria-label": "Components shown" });
    const listed = order.filter((k) => section.weights[k]! > EMPTY);
    for (const k of listed) {
      const button = h(
        "button",
        { type: "button", class: "chip", "aria-pressed": "true" },
        h("span", { class: "dot", style: `background:${colour(k)}` }),
        h("span", { class: "chip-name" }, section.componentNames[k]!),
        h("span", { class: "chip-count" }, number(section.weights[k]!, 3)),
      );
      button.addEventListener("click", () => {
        const show = hidden.delete(k);
        if (!show) hidden.add(k);
        button.setAttribute("aria-pressed", String(show));
        draw();
      });
      const highlight = (on: boolean) => () => {
        highlighted = on ? k : null;
        draw();
      };
      button.addEventListener("pointerenter", highlight(true));
      button.addEventListener("pointerleave", highlight(false));
      list.append(button);
    }
    const rings = covariances.length > 0 ? " Ellipses are of one standard deviation (solid) and two (dashed)." : "";
    const empty = order.length - listed.length;
    const rest = empty > 0 ? ` ${empty} empty ${empty === 1 ? "component is" : "components are"} not listed.` : "";
    return h("div", { class: "legend-box" }, list, h("p", { class: "hint" }, `Beside each component its weight.${rings} Press one to hide it.${rest}`));
  }
}

/** Two menus that choose the columns across and up; equal ones change places. */
function axisSelects(names: string[], choose: (across: number, up: number) => void, draw: () => void): HTMLElement {
  const select = (label: string, start: number) => {
    const element = h("select", { "aria-label": label }, ...names.map((name, i) => h("option", { value: i, selected: i === start }, name)));
    return element;
  };
  const [first, second] = [select("across", 0), select("up", 1)];
  let before = [0, 1];
  const changed = () => {
    let [a, b] = [Number(first.value), Number(second.value)];
    if (a === b) {
      [a, b] = [a === before[1] ? before[1]! : a, a === before[1] ? before[0]! : before[1]!];
      if (a === b) b = before[0]!;
      [first.value, second.value] = [String(a), String(b)];
    }
    before = [a, b];
    choose(a, b);
    draw();
  };
  first.addEventListener("change", changed);
  second.addEventListener("change", changed);
  return h("p", { class: "axes" }, "Across ", first, " and up ", second);
}

function ring(centre: { x: number; y: number }, [xx, xy, yy]: readonly [number, number, number], radius: number): { x: number; y: number }[] {
  const a = Math.sqrt(Math.max(0, xx));
  const b = a > 0 ? xy / a : 0;
  const c = Math.sqrt(Math.max(0, yy - b * b));
  return Array.from({ length: STEPS }, (_, i) => {
    const angle = (2 * Math.PI * i) / STEPS;
    const [u, v] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    return { x: centre.x + a * u, y: centre.y + b * u + c * v };
  });
}
