// The latent plane as a section: the plane, the picture decoded where the pointer is, and a slider per dimension.

import type { LatentDimension, LatentPlaneSection } from "../contract";
import type { Decoder } from "../decoder/decoder";
import { h } from "../dom";
import { number, subscript } from "../format";
import { drawImage, imageCanvas, unpackImages, type Images } from "../images";
import { cumulative, draw } from "../normal";
import { coordinate, Plane, type Position, type Source } from "./plane";

export async function explorer(section: LatentPlaneSection, body: HTMLElement, decoder: Decoder | null): Promise<void> {
  const grid = section.grid ? await unpackImages(section.grid) : null;
  const source: Source = decoder ? { decoder } : { grid: grid! };
  await new Explorer(section, source, body).ready;
}

class Explorer {
  readonly ready: Promise<void>;
  private readonly z: Float32Array;
  private across: LatentDimension;
  private up: LatentDimension;
  private readonly plane: Plane;
  private readonly decoded: HTMLCanvasElement;
  private readonly readout = h("p", { class: "z-readout", "aria-live": "off" });
  private readonly sliders = new Map<number, { input: HTMLInputElement; output: HTMLOutputElement; row: HTMLElement }>();
  private readonly labels = { across: h("span", { class: "plane-axis across" }), up: h("span", { class: "plane-axis up" }) };
  private scheduled = false;
  private refillTimer = 0;

  constructor(
    private readonly section: LatentPlaneSection,
    private readonly source: Source,
    body: HTMLElement,
  ) {
    this.z = Float32Array.from(section.origin);
    [this.across, this.up] = [section.dimensions[0]!, section.dimensions[1]!];
    const size: Pick<Images, "width" | "height"> = "decoder" in source ? source.decoder.picture : source.grid;
    this.plane = new Plane(source, section.gridSize, section.title);
    this.decoded = imageCanvas(size, "The picture decoded at the pointer", "pixels decoded");
    this.plane.onmove = (position) => this.moveTo(position);
    body.append(
      h(
        "div",
        { class: "explorer" },
        h("div", { class: "plane-frame" }, this.plane.element, this.labels.across, this.labels.up),
        h("div", { class: "explorer-side" }, this.decoded, this.readout, "decoder" in source ? this.panel() : null),
      ),
    );
    this.changed();
    this.ready = this.fill();
  }

  private moveTo({ u, v }: Position): void {
    if ("grid" in this.source) {
      // Without a decoder the nearest decoded place stands in.
      const side = this.section.gridSize;
      const snap = (share: number) => (Math.min(side - 1, Math.floor(share * side)) + 0.5) / side;
      [u, v] = [snap(u), snap(v)];
    }
    this.z[this.across.index] = coordinate(this.across, u);
    this.z[this.up.index] = coordinate(this.up, v);
    this.changed();
  }

  /** Decodes once per frame however often the pointer moves. */
  private changed(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.show();
    });
  }

  private show(): void {
    if ("decoder" in this.source) {
      drawImage(this.decoded, this.source.decoder.decode(this.z), 0);
    } else {
      const side = this.section.gridSize;
      const column = Math.round(this.share(this.across) * side - 0.5);
      const row = side - 1 - Math.round(this.share(this.up) * side - 0.5);
      drawImage(this.decoded, this.source.grid, Math.min(side ** 2 - 1, Math.max(0, row * side + column)));
    }
    this.decoded.dataset["z"] = JSON.stringify([...this.z]);
    this.readout.replaceChildren(
      ...[this.across, this.up].map((dimension) => h("span", {}, h("i", {}, subscript(dimension.name)), ` = ${number(this.z[dimension.index]!)}`)),
    );
    for (const [index, { input, output }] of this.sliders) {
      input.value = String(this.z[index]!);
      output.value = number(this.z[index]!);
    }
  }

  private share(dimension: LatentDimension): number {
    return cumulative((this.z[dimension.index]! - dimension.centre) / dimension.scale);
  }

  private panel(): HTMLElement {
    const { dimensions } = this.section;
    const box = h("div", { class: "sliders" });
    if (dimensions.length > 2) {
      box.append(h("p", { class: "axes" }, "Plane ", this.choice("across"), " × ", this.choice("up"), h("span", { class: "hint" }, "the most active first")));
    }
    for (const dimension of dimensions) {
      const id = `z-${dimension.index}`;
      const reach = 3.1 * dimension.scale;
      const input = h("input", {
        type: "range",
        id,
        min: dimension.centre - reach,
        max: dimension.centre + reach,
        step: dimension.scale / 50,
        value: this.z[dimension.index]!,
      });
      const output = h("output", { for: id });
      input.addEventListener("input", () => {
        this.z[dimension.index] = Number(input.value);
        this.settled();
      });
      const row = h("div", { class: "slider" }, h("label", { for: id }, subscript(dimension.name)), input, output);
      this.sliders.set(dimension.index, { input, output, row });
      box.append(row);
    }
    const button = (label: string, value: (dimension: LatentDimension) => number) => {
      const element = h("button", { type: "button" }, label);
      element.addEventListener("click", () => {
        this.z.set(this.section.origin);
        for (const dimension of dimensions) this.z[dimension.index] = value(dimension);
        this.settled();
      });
      return element;
    };
    box.append(
      h(
        "p",
        { class: "controls" },
        button("Draw z from the prior", ({ centre, scale }) => centre + scale * draw()),
        button("Back to the centre", ({ index }) => this.section.origin[index]!),
      ),
    );
    return box;
  }

  private choice(which: "across" | "up"): HTMLSelectElement {
    const select = h(
      "select",
      { "aria-label": which === "across" ? "Dimension of the horizontal axis" : "Dimension of the vertical axis", "data-axis": which },
      ...this.section.dimensions.map(({ index, name }) => h("option", { value: index, selected: index === this[which].index }, subscript(name))),
    );
    select.addEventListener("change", () => {
      const other = which === "across" ? "up" : "across";
      const chosen = this.section.dimensions.find(({ index }) => index === Number(select.value))!;
      // The plane needs two dimensions: choosing the other axis's swaps the two.
      if (chosen.index === this[other].index) {
        this[other] = this[which];
        this.plane.element.closest(".explorer")!.querySelector<HTMLSelectElement>(`[data-axis=${other}]`)!.value = String(this[other].index);
      }
      this[which] = chosen;
      this.settled();
    });
    return select;
  }

  /** After a change of z from outside the plane: the marker follows, and the grid is decoded afresh when the change rests. */
  private settled(): void {
    this.plane.mark({ u: this.share(this.across), v: this.share(this.up) });
    this.changed();
    if (this.section.dimensions.length === 2) return;
    clearTimeout(this.refillTimer);
    this.refillTimer = window.setTimeout(() => void this.fill(), 60);
  }

  private fill(): Promise<void> {
    const arrow = (dimension: LatentDimension) => [h("i", {}, subscript(dimension.name)), " →"];
    this.labels.across.replaceChildren(...arrow(this.across));
    this.labels.up.replaceChildren(...arrow(this.up));
    for (const [index, { row }] of this.sliders) row.classList.toggle("in-plane", index === this.across.index || index === this.up.index);
    return this.plane.fill([...this.z], this.across, this.up);
  }
}
