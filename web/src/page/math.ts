// Mathematics in running text: letters in italics, an E_q with its subscript.

import { h, type Child } from "../dom";

/** `log p(x|z)` with its variables in italics. */
export function math(text: string): HTMLElement {
  const parts: Child[] = text.split(/(E_q|(?<![a-zA-Z])[pqxz](?![a-zA-Z]))/).map((part) => {
    if (part === "E_q") return h("span", {}, "\u{1D53C}", h("sub", {}, h("i", {}, "q")));
    return /^[pqxz]$/.test(part) ? h("i", {}, part) : part;
  });
  return h("span", { class: "math" }, ...parts);
}
