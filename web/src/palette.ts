// Ten colours for classes that stay apart for readers with any of the common colour-vision deficiencies: the "petroff10" sequence
// (Petroff 2021, "Accessible color sequences for data visualization"). The palest is darkened on light ground and the
// darkest are lightened on dark ground, to keep contrast.

const LIGHT = ["#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#5cc2c7"];
const DARK = ["#4f9fe8", "#ffb52e", "#e5503a", "#a7b5b3", "#b06be0", "#c58a77", "#f58231", "#cbbf85", "#9498a5", "#9fe3e6"];

export function isDark(): boolean {
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** The colour of class `index`; beyond ten the colours repeat, and labels must tell. */
export function category(index: number): string {
  if (index < 0) return isDark() ? "#7c7c78" : "#9a9a96";
  const colours = isDark() ? DARK : LIGHT;
  return colours[index % colours.length]!;
}

/** The same colour as a CSS variable, which follows the theme by itself; see `installPalette`. */
export function categoryVariable(index: number): string {
  return `var(--category-${index < 0 ? "none" : index % LIGHT.length})`;
}

/** Puts the colours into the page as CSS variables. */
export function installPalette(): void {
  const rules = (colours: string[]) => colours.map((colour, i) => `--category-${i}:${colour}`).join(";");
  const style = document.createElement("style");
  style.textContent =
    `:root{${rules(LIGHT)};--category-none:#9a9a96}` +
    `@media screen and (prefers-color-scheme:dark){:root{${rules(DARK)};--category-none:#7c7c78}}`;
  document.head.append(style);
}
