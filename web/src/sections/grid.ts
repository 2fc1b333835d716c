// A grid of pictures; with a decoder and a prior, one press draws fresh ones.

import type { GaussianPrior, ImageGridSection } from "../contract";
import type { Decoder } from "../decoder/decoder";
import { h, nextFrame } from "../dom";
import { subscript } from "../format";
import { blit, unpackImages, type Images } from "../images";
import { draw } from "../normal";

const GAP = 2;
const FRAME_BUDGET_MS = 10;

export async function imageGrid(section: ImageGridSection, body: HTMLElement, decoder: Decoder | null): Promise<void> {
  const images = await unpackImages(section.images);
  const canvas = gridCanvas(images, section.columns, section.title);
  const figure = h("figure", { class: "grid-figure" });
  if (section.rowNames) {
    const rows = Math.ceil(images.count / section.columns);
    figure.append(h("ol", { class: "row-names" }, ...section.rowNames.slice(0, rows).map((name) => h("li", {}, subscript(name)))));
  }
  figure.append(canvas);
  body.append(figure);
  if (section.drawFrom && decoder) body.append(drawAgain(canvas, images, section.columns, section.drawFrom, decoder));
}

/** The whole grid on one canvas at its native size, with a thin gap between pictures. */
export function gridCanvas(images: Images, columns: number, label: string): HTMLCanvasElement {
  const rows = Math.ceil(images.count / columns);
  const width = columns * (images.width + GAP) - GAP;
  const height = rows * (images.height + GAP) - GAP;
  const canvas = h("canvas", {
    width,
    height,
    role: "img",
    "aria-label": `${label}: ${images.count} pictures in ${columns} columns`,
    class: "grid-canvas",
    style: `--native-width:${width}`,
  });
  const context = canvas.getContext("2d")!;
  const data = context.createImageData(width, height);
  for (let i = 0; i < images.count; i++) {
    blit(data, (i % columns) * (images.width + GAP), Math.floor(i / columns) * (images.height + GAP), images, i);
  }
  context.putImageData(data, 0, 0);
  return canvas;
}

function drawAgain(canvas: HTMLCanvasElement, images: Images, columns: number, prior: GaussianPrior, decoder: Decoder): HTMLElement {
  let running = 0;
  const status = h("span", { class: "visually-hidden", role: "status" });
  const button = h("button", { type: "button", "data-action": "draw-again" }, "Draw again");
  button.addEventListener("click", async () => {
    const turn = ++running;
    const context = canvas.getContext("2d")!;
    const data = context.createImageData(images.width, images.height);
    let started = performance.now();
    for (let i = 0; i < images.count && turn === running; i++) {
      blit(data, 0, 0, decoder.decode(prior.mean.map((mean, d) => mean + prior.scale[d]! * draw())), 0);
      context.putImageData(data, (i % columns) * (images.width + GAP), Math.floor(i / columns) * (images.height + GAP));
      if (performance.now() - started > FRAME_BUDGET_MS) {
        await nextFrame();
        started = performance.now();
      }
    }
    if (turn === running) status.textContent = `${images.count} fresh pictures drawn.`;
  });
  return h("p", { class: "controls" }, button, h("span", { class: "hint" }, "The decoder runs in this page: fresh z from the prior, decoded here."), status);
}
