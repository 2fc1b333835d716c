// What every section has: a heading, a note, an anchor.

import { h, prose } from "../dom";

/** An empty section with its heading, and the element its content goes into. */
export function frame(id: string, kind: string, title: string, note: string | undefined): { section: HTMLElement; body: HTMLElement } {
  const body = h("div", { class: "section-body" });
  const heading = `${id}-title`;
  const section = h(
    "section",
    { id, "data-kind": kind, "aria-labelledby": heading },
    h(
      "div",
      { class: "section-head" },
      h("h2", { id: heading }, h("a", { href: `#${id}` }, title)),
      note ? h("p", { class: "note" }, ...prose(note)) : null,
    ),
    body,
  );
  return { section, body };
}

/** An anchor made from a title, unique among those taken. */
export function anchor(title: string, taken: Set<string>): string {
  const base = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "section";
  let id = base;
  for (let i = 2; taken.has(id) || id === "top" || id === "report" || id === "payload"; i++) id = `${base}-${i}`;
  taken.add(id);
  return id;
}
