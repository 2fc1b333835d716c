// Keys and values in groups.

import type { TableSection } from "../contract";
import { h } from "../dom";

export function table(section: TableSection, body: HTMLElement): void {
  body.append(
    h(
      "div",
      { class: "groups" },
      ...section.groups.map((group) =>
        h(
          "table",
          { class: "pairs" },
          h("caption", {}, group.title),
          h(
            "tbody",
            {},
            ...group.entries.map((entry) => h("tr", {}, h("th", { scope: "row" }, entry.key), h("td", {}, entry.value))),
          ),
        ),
      ),
    ),
  );
}
