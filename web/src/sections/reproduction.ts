// The command that makes the run again, and its recipe.

import type { ReproductionSection } from "../contract";
import { h } from "../dom";

export function reproduction(section: ReproductionSection, body: HTMLElement): void {
  const status = h("span", { class: "visually-hidden", role: "status" });
  const button = h("button", { type: "button", "data-action": "copy" }, "Copy");
  const command = h("code", {}, section.command);
  button.addEventListener("click", async () => {
    const copied = await copy(section.command, command);
    button.textContent = copied ? "Copied" : "Selected";
    status.textContent = copied ? "The command was copied." : "The command was selected; copy it with the keyboard.";
    setTimeout(() => (button.textContent = "Copy"), 1600);
  });
  body.append(h("div", { class: "command" }, h("pre", { tabindex: 0, "aria-label": "command" }, command), button, status));
  if (section.recipe) {
    body.append(h("details", { class: "recipe" }, h("summary", {}, "The whole recipe"), h("pre", { tabindex: 0, "aria-label": "recipe" }, h("code", {}, section.recipe))));
  }
}

/** Copies; where the browser does not let a local file do that, selects the text for the reader to copy. */
async function copy(text: string, element: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    return false;
  }
}
