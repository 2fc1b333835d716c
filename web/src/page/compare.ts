// Several runs side by side.

import type { HeadlineNumber, ImageGridSection, ReportData, Section } from "../contract";
import { lineColour, sharedCurves } from "../curves/curves";
import { h } from "../dom";
import { date, duration, number, seconds } from "../format";
import { unpackImages } from "../images";
import { gridCanvas } from "../sections/grid";
import { isNumber } from "./identity";

/** The heading of a comparison. */
export function compareHeader(runs: ReportData[]): HTMLElement {
  return h(
    "header",
    { class: "hero", id: "top" },
    h(
      "div",
      { class: "hero-text" },
      h("p", { class: "eyebrow" }, h("span", { class: "mark-of-elbo" }, "elbo"), h("span", {}, "comparison")),
      h("h1", {}, `${runs.length} runs side by side`),
      h(
        "ul",
        { class: "runs" },
        ...runs.map(({ header }, i) => h("li", {}, swatch(i), h("strong", {}, header.runName), h("span", {}, header.summary))),
      ),
    ),
  );
}

/** The sections of a comparison: title, note, how to fill it. */
export function compareSections(runs: ReportData[]): { kind: string; title: string; note?: string; fill: (body: HTMLElement) => Promise<void> | void }[] {
  const sections: ReturnType<typeof compareSections> = [
    {
      kind: "compare-numbers",
      title: "How well",
      note: "Means per datum in nats, higher is better unless said otherwise; the best of each row is marked.",
      fill: (body) => void body.append(numbersTable(runs)),
    },
  ];
  const curves = pick(runs, "curves");
  if (curves.length > 0) {
    sections.push({
      kind: "compare-curves",
      title: curves[0]!.section.title,
      note: "Colour tells the run, dash the curve.",
      fill: (body) => sharedCurves(curves.map(({ run, section }) => ({ run: run.header.runName, section })), body),
    });
  }
  for (const title of new Set(pick(runs, "image-grid").map(({ section }) => section.title))) {
    const grids = pick(runs, "image-grid").filter(({ section }) => section.title === title);
    sections.push({ kind: "compare-images", title, fill: (body) => images(grids, runs, body) });
  }
  if (pick(runs, "table").length > 0) {
    sections.push({ kind: "compare-configuration", title: "What differs", fill: (body) => void body.append(...differences(runs)) });
  }
  return sections;
}

function numbersTable(runs: ReportData[]): HTMLElement {
  interface Row {
    label: string;
    unit: string;
    cells: { value: number | null | undefined; text: string }[];
    best: 1 | -1 | 0;
  }
  const rows: Row[] = [];
  const bound = (label: string, best: Row["best"], value: (run: ReportData) => number | null | undefined, error?: (run: ReportData) => number | null | undefined) => {
    const cells = runs.map((run) => {
      const at = value(run);
      const se = error?.(run);
      return { value: at, text: isNumber(at) ? number(at) + (isNumber(se) ? ` ± ${number(se)}` : "") : "–" };
    });
    if (cells.some((cell) => isNumber(cell.value))) rows.push({ label, unit: "nats per datum", cells, best });
  };
  bound("ELBO", 1, (run) => run.header.bound?.elbo);
  bound("reconstruction", 0, (run) => run.header.bound?.reconstruction);
  bound("KL to the prior", 0, (run) => run.header.bound?.kl);
  bound("log p(x)", 1, (run) => run.header.bound?.logLikelihood, (run) => run.header.bound?.standardError);
  for (const label of new Set(runs.flatMap((run) => run.header.numbers.map((item) => item.label)))) {
    const items = runs.map((run) => run.header.numbers.find((item) => item.label === label));
    const first = items.find((item): item is HeadlineNumber => item !== undefined)!;
    const sameUnit = items.every((item) => !item || item.unit === first.unit);
    rows.push({
      label,
      unit: sameUnit ? (first.unit ?? "") : "",
      cells: items.map((item) => ({
        value: item?.value,
        text: item ? number(item.value, item.decimals) + (isNumber(item.standardError) ? ` ± ${number(item.standardError, item.decimals)}` : "") + (sameUnit || !item.unit ? "" : ` ${item.unit}`) : "–",
      })),
      best: first.higherIsBetter === undefined ? 0 : first.higherIsBetter ? 1 : -1,
    });
  }
  const text = (label: string, value: (run: ReportData) => string) =>
    h("tr", {}, h("th", { scope: "row" }, label), ...runs.map((run) => h("td", { class: "text" }, value(run))));
  return h(
    "div",
    { class: "wide-table" },
    h(
      "table",
      { class: "comparison" },
      h("thead", {}, h("tr", {}, h("td", {}), ...runs.map((run, i) => h("th", { scope: "col" }, swatch(i), run.header.runName)))),
      h(
        "tbody",
        {},
        text("model", (run) => run.header.title),
        text("data", (run) => run.header.dataSet),
        ...rows.map((row) => {
          const finite = row.cells.map((cell) => cell.value).filter(isNumber);
          const best = row.best !== 0 && new Set(finite).size > 1 ? (row.best > 0 ? Math.max(...finite) : Math.min(...finite)) : null;
          return h(
            "tr",
            {},
            h("th", { scope: "row" }, row.label, row.unit ? h("span", { class: "panel-unit" }, row.unit) : null),
            ...row.cells.map((cell) =>
              best !== null && cell.value === best ? h("td", { class: "best" }, cell.text, h("span", { class: "visually-hidden" }, " (best)")) : h("td", {}, cell.text),
            ),
          );
        }),
        text("elapsed", (run) => (seconds(run.header.elapsed) > 0 ? duration(run.header.elapsed) : "–")),
        text("fitted", (run) => date(run.header.created)),
        text("stopped because", (run) => run.header.stopReason ?? "–"),
      ),
    ),
  );
}

async function images(grids: { run: ReportData; section: ImageGridSection }[], runs: ReportData[], body: HTMLElement): Promise<void> {
  const row = h("div", { class: "side-by-side" });
  for (const { run, section } of grids) {
    row.append(
      h(
        "figure",
        {},
        gridCanvas(await unpackImages(section.images), section.columns, `${section.title}, ${run.header.runName}`),
        h("figcaption", {}, swatch(runs.indexOf(run)), run.header.runName),
      ),
    );
  }
  body.append(row);
}

/** The keys whose values differ, then the others folded away. */
function differences(runs: ReportData[]): HTMLElement[] {
  const values = runs.map((run) => {
    const map = new Map<string, string>();
    for (const section of run.sections) {
      if (section.kind !== "table") continue;
      for (const group of section.groups) for (const entry of group.entries) map.set(`${group.title}\u0000${entry.key}`, entry.value);
    }
    return map;
  });
  const keys = [...new Set(values.flatMap((map) => [...map.keys()]))];
  const differs = (key: string) => new Set(values.map((map) => map.get(key))).size > 1;
  const build = (list: string[], caption: string, className: string) =>
    h(
      "div",
      { class: "wide-table" },
      h(
        "table",
        { class: `comparison ${className}` },
        h("caption", { class: "visually-hidden" }, caption),
        h("thead", {}, h("tr", {}, h("td", {}), ...runs.map((run, i) => h("th", { scope: "col" }, swatch(i), run.header.runName)))),
        h(
          "tbody",
          {},
          ...list.map((key) => {
            const [group, name] = key.split("\u0000") as [string, string];
            return h(
              "tr",
              {},
              h("th", { scope: "row" }, name, h("span", { class: "panel-unit" }, group)),
              ...values.map((map) => h("td", { class: "text" }, map.get(key) ?? "–")),
            );
          }),
        ),
      ),
    );
  const different = keys.filter(differs);
  const same = keys.filter((key) => !differs(key));
  return [
    different.length > 0 ? build(different, "Settings that differ", "differing") : h("p", {}, "Nothing: the configurations are the same."),
    ...(same.length > 0 ? [h("details", {}, h("summary", {}, `${same.length} settings are the same`), build(same, "Settings that are the same", "same"))] : []),
  ];
}

function swatch(index: number): HTMLElement {
  return h("span", { class: "dot", style: `background:${lineColour(index)}` });
}

function pick<K extends Section["kind"]>(runs: ReportData[], kind: K): { run: ReportData; section: Extract<Section, { kind: K }> }[] {
  return runs.flatMap((run) =>
    run.sections
      .filter((section): section is Extract<Section, { kind: K }> => section.kind === kind)
      .map((section) => ({ run, section })),
  );
}
