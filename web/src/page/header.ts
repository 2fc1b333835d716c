// The first screen: what was fitted on what, how well, and a picture.

import type { HeadlineNumber, ReportData } from "../contract";
import { h, prose } from "../dom";
import { date, duration, number, seconds } from "../format";
import { identity, isExact, isNumber } from "./identity";
import { math } from "./math";

/** The header; `picture` is filled by whichever section has the best one. */
export function header(data: ReportData, picture: HTMLElement | null): HTMLElement {
  const { header: head } = data;
  const bound = head.bound;
  return h(
    "header",
    { class: picture ? "hero with-picture" : "hero", id: "top" },
    h(
      "div",
      { class: "hero-text" },
      h("p", { class: "eyebrow" }, h("span", { class: "mark-of-elbo" }, "elbo"), h("span", {}, head.runName)),
      h("h1", {}, head.title),
      h("p", { class: "lead" }, ...prose(head.summary)),
      bound &&
        h(
          "div",
          { class: "headline" },
          h("p", { class: "headline-number", "data-headline": "elbo" }, number(bound.elbo)),
          h(
            "p",
            { class: "headline-text" },
            h("strong", {}, "nats per datum"),
            h("br"),
            `the ${bound.split} ELBO`,
            isExact(bound) ? h("span", {}, ", here equal to ", math("log p(x)")) : isNumber(bound.reconstruction) || isNumber(bound.logLikelihood) ? h("span", {}, ", a lower bound on ", math("log p(x)")) : null,
            "; higher is better",
            bound.rows > 0 ? `. Mean over ${number(bound.rows, 0)} rows.` : ".",
          ),
        ),
      bound && identity(bound),
    ),
    picture,
    h("div", { class: "hero-facts" }, facts(data), head.numbers.length > 0 ? numbers(head.numbers) : null),
  );
}

function facts(data: ReportData): HTMLElement {
  const { header: head } = data;
  const entries: [string, string | undefined][] = [
    ["Data", head.dataSet],
    [head.createdLabel, date(head.created) + (seconds(head.elapsed) > 0 ? `, in ${duration(head.elapsed)}` : "")],
    ["Stopped because", head.stopReason],
  ];
  return h(
    "dl",
    { class: "facts" },
    ...entries.flatMap(([key, value]) => (value ? [h("div", {}, h("dt", {}, key), h("dd", {}, value))] : [])),
  );
}

function numbers(list: HeadlineNumber[]): HTMLElement {
  return h(
    "ul",
    { class: "numbers", "aria-label": "Headline numbers" },
    ...list.map((item) =>
      h(
        "li",
        {},
        h(
          "p",
          { class: "figure" },
          h("span", { class: "figure-value" }, number(item.value, item.decimals)),
          isNumber(item.standardError) ? ` ± ${number(item.standardError, item.decimals)}` : null,
          item.unit ? h("span", { class: "figure-unit" }, ` ${item.unit}`) : null,
        ),
        h("p", { class: "figure-label" }, item.label),
        item.explanation ? h("p", { class: "figure-explanation" }, ...prose(item.explanation)) : null,
      ),
    ),
  );
}
