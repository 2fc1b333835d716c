// A matrix as a field of colour: one colour for what is positive, another for what is negative.

import { axisX, axisY, cell, plot, text } from "@observablehq/plot";
import { floats } from "../blob";
import type { HeatmapSection } from "../contract";
import { readableOn } from "../contrast";
import { h, onTheme, onWidth } from "../dom";
import { number } from "../format";

/** Cells with numbers in them must be at least so wide. */
const NUMBER_WIDTH = 38;
const MOST_CELL_WIDTH = 84;

interface Cell {
  row: number;
  column: number;
  value: number;
}

export async function heatmap(section: HeatmapSection, body: HTMLElement): Promise<void> {
  const values = await floats(section.values);
  const [rows, columns] = [section.rowNames.length, section.columnNames.length];
  const cells: Cell[] = Array.from(values, (value, i) => ({ row: Math.floor(i / columns), column: i % columns, value }));
  const most = Math.max(...cells.map((item) => (Number.isFinite(item.value) ? Math.abs(item.value) : 0))) || 1;
  const opacity = (item: Cell) => (Number.isFinite(item.value) ? 0.04 + (0.96 * Math.abs(item.value)) / most : 0);
  const colour = (item: Cell) => (item.value < 0 ? "--warm" : "--accent");
  const holder = h("div", { class: "plot heatmap" });
  const longest = Math.max(...section.rowNames.map((name) => name.length), 0);
  const left = Math.min(190, 16 + 7 * longest) + (section.rowLabel ? 16 : 0);
  const draw = (available: number) => {
    const width = Math.min(available, left + 12 + columns * MOST_CELL_WIDTH);
    const label = Math.min(96, 6.6 * Math.max(...section.columnNames.map((name) => name.length)) + 12);
    // The last name may stand under the last column, and half of it beyond.
    const right = Math.max(12, Math.ceil((label - (width - left - 12) / columns) / 2));
    const wide = (width - left - right) / columns;
    const high = rows > 40 ? 12 : rows > 16 ? 22 : 34;
    const numbers = wide >= NUMBER_WIDTH && high >= 20;
    const every = Math.ceil(label / wide);
    const everyRow = Math.ceil(12 / high);
    holder.replaceChildren(
      plot({
        width,
        height: rows * high + 56,
        marginLeft: left,
        marginRight: right,
        marginTop: 8,
        marginBottom: 48,
        ariaLabel: `${section.title}: ${section.valueLabel}, ${rows} by ${columns}`,
        x: { type: "band", domain: Array.from({ length: columns }, (_, i) => i), padding: wide > 8 ? 0.04 : 0 },
        y: { type: "band", domain: Array.from({ length: rows }, (_, i) => i), padding: high > 8 ? 0.04 : 0 },
        marks: [
          axisX({ tickSize: 0, tickPadding: 6, label: section.columnLabel ? `${section.columnLabel} →` : null, labelAnchor: "right", ticks: ticks(columns, every), tickFormat: (i: number) => shorten(section.columnNames[i]!, every * wide / 6.4) }),
          axisY({ tickSize: 0, tickPadding: 6, label: section.rowLabel ? `↓ ${section.rowLabel}` : null, ticks: ticks(rows, everyRow), tickFormat: (i: number) => shorten(section.rowNames[i]!, 26) }),
          cell(cells, {
            x: "column",
            y: "row",
            fill: (item: Cell) => `var(${colour(item)})`,
            fillOpacity: opacity,
            title: (item: Cell) => `${section.rowNames[item.row]!} · ${section.columnNames[item.column]!}: ${section.valueLabel} ${number(item.value, Math.max(3, section.decimals))}`,
            rx: wide > 16 && high > 16 ? 2 : 0,
          }),
          numbers
            ? text(cells, {
                x: "column",
                y: "row",
                text: (item: Cell) => number(item.value, section.decimals),
                fill: (item: Cell) => readableOn(colour(item), opacity(item)),
              })
            : null,
        ],
      }),
    );
  };
  onWidth(body, draw);
  onTheme(() => draw(Math.floor(body.clientWidth)));
  body.append(h("p", { class: "axis-title" }, section.valueLabel), holder);
}

function ticks(count: number, every: number): number[] {
  return Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
}

function shorten(name: string, most: number): string {
  return name.length <= Math.max(4, most) ? name : `${name.slice(0, Math.max(3, Math.floor(most) - 1))}…`;
}
