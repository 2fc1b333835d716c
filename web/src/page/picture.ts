// The picture of the first screen: a two-dimensional latent plane, live under the pointer; else samples, reconstructions, or components among the rows.

import type { ReportData, Section } from "../contract";
import type { Decoder } from "../decoder/decoder";
import { h } from "../dom";
import { unpackImages } from "../images";
import { Lens } from "../latent/lens";
import { coordinate, Plane } from "../latent/plane";
import { ellipses } from "../sections/ellipses";
import { gridCanvas, imageGrid } from "../sections/grid";
import { number } from "../format";

export interface Picture {
  element: HTMLElement;
  /** Resolves when everything in it is drawn; the page need not wait. */
  drawn: Promise<void>;
  /** The section shown here in full, which then need not come again further down. */
  shows: Section | null;
}

/** The picture; null where no section has one. */
export async function picture(data: ReportData, decoder: Decoder | null): Promise<Picture | null> {
  const plane = find(data, "latent-plane");
  if (plane && plane.dimensions.length === 2 && decoder) {
    const [across, up] = [plane.dimensions[0]!, plane.dimensions[1]!];
    const side = Math.min(plane.gridSize, 16);
    const view = new Plane({ decoder }, side, "The latent plane, decoded");
    const lens = new Lens(decoder.picture);
    view.element.append(lens.element);
    const z = Float32Array.from(plane.origin);
    view.onmove = ({ u, v }) => {
      z[across.index] = coordinate(across, u);
      z[up.index] = coordinate(up, v);
      const { clientWidth, clientHeight } = view.canvas;
      const place = `(${number(z[across.index]!)}, ${number(z[up.index]!)})`;
      lens.show(u * clientWidth, (1 - v) * clientHeight, decoder.decode(z), 0, h("span", {}, h("i", {}, "z"), ` = ${place}`));
    };
    view.onleave = () => lens.hide();
    const drawn = view.fill(plane.origin, across, up);
    const caption = "What the decoder makes of each place in its two-dimensional latent space. Move over it: the decoder runs in this page.";
    return { element: framed(view.element, caption), drawn, shows: null };
  }
  const samples = find(data, "image-grid");
  if (samples) {
    const body = h("div", { "data-kind": samples.kind });
    await imageGrid(samples, body, decoder);
    return { element: framed(body, samples.note ?? samples.title), drawn: Promise.resolve(), shows: samples };
  }
  const reconstructions = find(data, "reconstructions");
  if (reconstructions) {
    const last = reconstructions.rows[reconstructions.rows.length - 1]!;
    const images = await unpackImages(last.images);
    const grid = gridCanvas(images, Math.ceil(Math.sqrt(images.count)), last.name);
    return { element: framed(grid, reconstructions.note ?? reconstructions.title), drawn: Promise.resolve(), shows: null };
  }
  const components = find(data, "component-ellipses");
  if (components) {
    const body = h("div", {});
    await ellipses(components, body, true);
    return { element: framed(body, components.note ?? components.title), drawn: Promise.resolve(), shows: null };
  }
  return null;
}

function framed(content: HTMLElement, caption: string): HTMLElement {
  return h("figure", { class: "hero-picture" }, content, h("figcaption", {}, caption));
}

function find<K extends Section["kind"]>(data: ReportData, kind: K): Extract<Section, { kind: K }> | undefined {
  return data.sections.find((section): section is Extract<Section, { kind: K }> => section.kind === kind);
}
