// Rows and columns of text and numbers, in groups.

import type { DataTableSection } from "../contract";
import { h, prose } from "../dom";

export function dataTable(section: DataTableSection, body: HTMLElement): void {
  const look = (column: number) => (section.columns[column]!.numeric ? "numeric" : "text");
  const rows: HTMLElement[] = [];
  let group: string | undefined;
  for (const row of section.rows) {
    if (row.group !== undefined && row.group !== group) rows.push(h("tr", { class: "group" }, h("th", { colspan: section.columns.length, scope: "colgroup" }, row.group)));
    group = row.group;
    rows.push(
      h(
        "tr",
        { class: row.emphasized ? "emphasized" : null },
        ...row.cells.map((cell, i) => (i === 0 ? h("th", { scope: "row" }, ...prose(cell)) : h("td", { class: look(i) }, ...prose(cell)))),
      ),
    );
  }
  body.append(
    h(
      "div",
      { class: "wide-table" },
      h(
        "table",
        { class: "data" },
        h("caption", { class: "visually-hidden" }, section.title),
        section.columns.some((column) => column.name !== "")
          ? h("thead", {}, h("tr", {}, ...section.columns.map((column, i) => h("th", { scope: "col", class: look(i), title: column.explanation }, column.name))))
          : null,
        h("tbody", {}, ...rows),
      ),
    ),
  );
}
