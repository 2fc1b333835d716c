// Planar bytes `[count, channels, height, width]` onto canvases.

import { bytes } from "./blob";
import type { ImageSet } from "./contract";
import { h } from "./dom";

/** Images unpacked and ready to draw. */
export interface Images {
  count: number;
  channels: number;
  height: number;
  width: number;
  pixels: Uint8Array;
}

export async function unpackImages(set: ImageSet): Promise<Images> {
  return { count: set.count, channels: set.channels, height: set.height, width: set.width, pixels: await bytes(set.pixels) };
}

/** Writes one planar image into RGBA at `(left, top)` of `target`. */
export function blit(target: ImageData, left: number, top: number, images: Images, index: number): void {
  const { channels, height, width, pixels } = images;
  const plane = height * width;
  const start = index * channels * plane;
  const second = channels === 3 ? plane : 0;
  for (let y = 0; y < height; y++) {
    let to = 4 * ((top + y) * target.width + left);
    let from = start + y * width;
    for (let x = 0; x < width; x++, from++, to += 4) {
      target.data[to] = pixels[from]!;
      target.data[to + 1] = pixels[from + second]!;
      target.data[to + 2] = pixels[from + 2 * second]!;
      target.data[to + 3] = 255;
    }
  }
}

/** A canvas of exactly one image's pixels. */
export function imageCanvas(images: Pick<Images, "width" | "height">, label: string, className = "pixels"): HTMLCanvasElement {
  return h("canvas", { width: images.width, height: images.height, role: "img", "aria-label": label, class: className });
}

/** Draws one image onto a canvas at `(left, top)`. */
export function drawImage(canvas: HTMLCanvasElement, images: Images, index: number, left = 0, top = 0): void {
  const context = canvas.getContext("2d")!;
  const data = context.createImageData(images.width, images.height);
  blit(data, 0, 0, images, index);
  context.putImageData(data, left, top);
}
