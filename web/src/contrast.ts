// Whether dark or light text is read more easily on a colour laid over the page.

import { token } from "./dom";

type Rgb = [number, number, number];

/** The page's text colour or its ground, whichever stands out more on `colour` at `opacity` over the ground; all are names of CSS variables. */
export function readableOn(colour: string, opacity: number): string {
  const [ground, ink, over] = [rgb("--paper"), rgb("--ink"), rgb(colour)];
  const mixed = luminance(ground.map((channel, i) => channel + opacity * (over[i]! - channel)) as Rgb);
  return contrast(mixed, luminance(ground)) > contrast(mixed, luminance(ink)) ? "var(--paper)" : "var(--ink)";
}

/** The channels from 0 to 1 of a colour that a CSS variable holds as `#rrggbb`. */
function rgb(variable: string): Rgb {
  const text = token(variable);
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16) / 255) as Rgb;
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(channels: Rgb): number {
  const [r, g, b] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
