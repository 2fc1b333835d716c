// A small card that follows the pointer inside a holder: a picture and a line or two of text.

import { h, type Child } from "../dom";
import { drawImage, imageCanvas, type Images } from "../images";

export class Lens {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement | null;
  private readonly text = h("div", { class: "lens-text" });

  constructor(size: Pick<Images, "width" | "height"> | null) {
    this.canvas = size && imageCanvas(size, "", "pixels");
    this.element = h("div", { class: "lens", hidden: true, "aria-hidden": "true" }, this.canvas, this.text);
  }

  /** Shows an image and text beside a point given in pixels of the holder, on the side where there is room. */
  show(left: number, top: number, images: Images | null, index: number, ...text: Child[]): void {
    if (this.canvas && images) drawImage(this.canvas, images, index);
    this.text.replaceChildren(...text.filter((child) => child instanceof Node || typeof child === "string"));
    this.element.hidden = false;
    const holder = this.element.offsetParent;
    const [width, height] = [this.element.offsetWidth, this.element.offsetHeight];
    const space = 18;
    const right = left + space + width <= (holder?.clientWidth ?? Infinity);
    const x = right ? left + space : Math.max(0, left - space - width);
    const y = Math.min(Math.max(0, top - height / 2), Math.max(0, (holder?.clientHeight ?? Infinity) - height));
    this.element.style.transform = `translate(${x}px, ${y}px)`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
