// Reads the payload and builds the page: one run, or several to compare.

import "./styles/page.css";
import "./styles/sections.css";
import "./styles/latent.css";
import type { Payload, ReportData, Section } from "./contract";
import { curves } from "./curves/curves";
import { Decoder } from "./decoder/decoder";
import { h } from "./dom";
import { explorer } from "./latent/explorer";
import { scatter } from "./latent/scatter";
import { compareHeader, compareSections } from "./page/compare";
import { anchor, frame } from "./page/frame";
import { header } from "./page/header";
import { navigation } from "./page/navigation";
import { picture } from "./page/picture";
import { installPalette } from "./palette";
import { bars } from "./sections/bars";
import { dataTable } from "./sections/dataTable";
import { ellipses } from "./sections/ellipses";
import { imageGrid } from "./sections/grid";
import { heatmap } from "./sections/heatmap";
import { intervals } from "./sections/intervals";
import { reconstructions } from "./sections/reconstructions";
import { reproduction } from "./sections/reproduction";
import { table } from "./sections/table";
import { timeline } from "./sections/timeline";

interface Part {
  kind: string;
  title: string;
  note?: string | undefined;
  fill: (body: HTMLElement) => Promise<void> | void;
}

async function main(): Promise<void> {
  installPalette();
  const payload = JSON.parse(document.getElementById("payload")!.textContent!) as Payload;
  const report = document.getElementById("report")!;
  const first = payload.runs[0]!;
  if (payload.compare) {
    report.append(compareHeader(payload.runs));
    await build(report, "comparison", compareSections(payload.runs), first.header.version);
  } else {
    const decoder = first.decoder ? await Decoder.load(first.decoder) : null;
    const hero = await picture(first, decoder);
    report.append(header(first, hero?.element ?? null));
    const sections = first.sections.filter((section) => section !== hero?.shows);
    await build(report, first.header.runName, sections.map((section) => part(section, decoder)), first.header.version);
    await hero?.drawn;
  }
  document.documentElement.dataset["ready"] = "true";
}

function part(section: Section, decoder: Decoder | null): Part {
  return { kind: section.kind, title: section.title, note: section.note, fill: (body) => fill(section, body, decoder) };
}

function fill(section: Section, body: HTMLElement, decoder: Decoder | null): Promise<void> | void {
  switch (section.kind) {
    case "curves":
      return curves(section, body);
    case "reconstructions":
      return reconstructions(section, body);
    case "image-grid":
      return imageGrid(section, body, decoder);
    case "latent-scatter":
      return scatter(section, body);
    case "latent-plane":
      return explorer(section, body, decoder);
    case "bars":
      return bars(section, body);
    case "heatmap":
      return heatmap(section, body);
    case "component-ellipses":
      return ellipses(section, body);
    case "state-timeline":
      return timeline(section, body);
    case "intervals":
      return intervals(section, body);
    case "table":
      return table(section, body);
    case "data-table":
      return dataTable(section, body);
    case "reproduction":
      return reproduction(section, body);
  }
}

async function build(report: HTMLElement, name: string, parts: Part[], version: ReportData["header"]["version"]): Promise<void> {
  const taken = new Set<string>();
  const frames = parts.map((item) => {
    const id = anchor(item.title, taken);
    return { id, title: item.title, item, ...frame(id, item.kind, item.title, item.note) };
  });
  report.append(...frames.map(({ section }) => section), footer(version));
  if (frames.length > 0) report.before(navigation(name, frames));
  await Promise.all(
    frames.map(async ({ item, body }) => {
      try {
        await item.fill(body);
      } catch (error) {
        // One damaged section must not take the others along.
        console.error(error);
        body.append(h("p", { class: "message", role: "alert" }, `This section could not be drawn: ${error instanceof Error ? error.message : String(error)}`));
      }
    }),
  );
}

function footer(version: string | undefined): HTMLElement {
  return h(
    "footer",
    {},
    h("p", {}, `Made by Elbo${version ? ` ${version}` : ""}. This file holds everything it shows and asks nothing of any network.`),
  );
}

void main().catch((error: unknown) => {
  console.error(error);
  document.getElementById("report")!.append(h("p", { class: "message", role: "alert" }, `This report could not be drawn: ${String(error)}`));
});
