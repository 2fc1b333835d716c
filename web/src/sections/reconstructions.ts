// Originals above what became of them, one column per datum.

import type { ReconstructionsSection } from "../contract";
import { h } from "../dom";
import { number } from "../format";
import { drawImage, imageCanvas, unpackImages } from "../images";

export async function reconstructions(section: ReconstructionsSection, body: HTMLElement): Promise<void> {
  const rows = await Promise.all(section.rows.map(async (row) => ({ name: row.name, images: await unpackImages(row.images) })));
  const first = rows[0]!.images;
  const list = h("div", { class: "columns", style: `--image-size:${imageSize(first.width)}px` });
  for (let i = 0; i < first.count; i++) {
    const caption = section.captions?.[i];
    const score = section.scores?.[i];
    const label = caption ?? `${i + 1}`;
    const figure = h("figure", {});
    for (const row of rows) {
      const canvas = imageCanvas(row.images, `${label}, ${row.name}`);
      drawImage(canvas, row.images, i);
      figure.append(canvas);
    }
    if (caption !== undefined || score !== undefined) {
      figure.append(
        h(
          "figcaption",
          {},
          caption !== undefined ? h("span", { class: "caption" }, caption) : null,
          score !== undefined ? h("span", { class: "score", title: `${section.scoreLabel ?? "score"}, nats` }, number(score, 1)) : null,
        ),
      );
    }
    list.append(figure);
  }
  const names = rows.map((row) => row.name).join(", then ");
  const legend = `In each column from the top: ${names}${section.scores ? `, then its ${section.scoreLabel ?? "score"} in nats` : ""}.`;
  body.append(list, h("p", { class: "hint" }, legend));
}

/** A size on screen that is near 64 pixels and a whole multiple of the image's where it can be. */
function imageSize(width: number): number {
  return width >= 64 ? Math.min(width, 128) : width * Math.max(1, Math.round(60 / width));
}
