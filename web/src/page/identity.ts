// The bound and its parts as a waterfall on one axis in nats: levels are bars from 0, and steps lie between the ends of two levels.

import type { BoundSummary } from "../contract";
import { h, type Child } from "../dom";
import { compact, number } from "../format";
import { math } from "./math";

interface Row {
  name: Child[];
  explanation: string;
  value: string;
  /** Where the row starts and ends on the axis; equal for a level, whose bar starts at 0. */
  from: number;
  to: number;
  kind: "level" | "bound" | "step-down" | "step-up";
  id: string;
}

/** The identity in one line and the numbers in it, or nothing where there is no finite bound. */
export function identity(bound: BoundSummary): HTMLElement | null {
  if (isExact(bound)) {
    return h(
      "div",
      { class: "identity" },
      h("p", { class: "identity-line" }, math("log p(x) = ELBO + KL(q(z|x) ‖ p(z|x))"), ". The posterior is exact, so the last term is 0 and the ELBO is ", math("log p(x)"), "."),
    );
  }
  const rows = rowsOf(bound);
  if (rows.length < 2) return null;
  const ends = rows.flatMap((row) => [row.from, row.to]);
  // From 0, so that a step is seen beside the levels that it joins.
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const place = (value: number) => 4 + (92 * (value - low)) / (high - low || 1);
  return h(
    "div",
    { class: "identity" },
    h(
      "table",
      { "aria-label": `The bound and its parts on the ${bound.split} data, in nats per datum` },
      h("tbody", {}, ...rows.map((row) => tableRow(row, place))),
      scaleRow(low, high, place),
    ),
    h(
      "p",
      { class: "identity-line" },
      math("log p(x) = ELBO + KL(q(z|x) ‖ p(z|x))"),
      ". The last term is never negative, so the ELBO is a lower bound: raising it raises ",
      math("log p(x)"),
      " or brings ",
      math("q(z|x)"),
      " closer to the exact posterior. All in nats per datum.",
    ),
  );
}

function tableRow(row: Row, place: (value: number) => number): HTMLElement {
  const from = place(isLevel(row) ? 0 : row.from);
  const to = place(row.to);
  const [left, right] = [Math.min(from, to), Math.max(from, to)];
  const mark = h("span", { class: `mark ${row.kind} ${to < from ? "to-left" : "to-right"}`, style: `left:${left.toFixed(3)}%;width:${(right - left).toFixed(3)}%` });
  return h(
    "tr",
    { class: `row-${row.kind}`, "data-row": row.id },
    h("th", { scope: "row" }, h("span", { class: "name" }, ...row.name), h("span", { class: "explanation" }, row.explanation)),
    h("td", { class: "value" }, row.value),
    h("td", { class: "axis", "aria-hidden": "true" }, mark),
  );
}

/** The numbers under the bars. */
function scaleRow(low: number, high: number, place: (value: number) => number): HTMLElement {
  return h(
    "tfoot",
    { "aria-hidden": "true" },
    h(
      "tr",
      {},
      h("th", {}),
      h("td", { class: "value scale-unit" }, "nats"),
      h("td", { class: "axis scale" }, ...roundNumbers(low, high).map((value) => h("span", { class: "tick", style: `left:${place(value).toFixed(3)}%` }, compact(value)))),
    ),
  );
}

/** Two or three round numbers between two, 0 among them. */
function roundNumbers(low: number, high: number): number[] {
  const rough = (high - low) / 2.4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough)!;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

function isLevel({ kind }: Row): boolean {
  return kind === "level" || kind === "bound";
}

function rowsOf(bound: BoundSummary): Row[] {
  const { elbo, reconstruction, kl, logLikelihood, standardError, importanceSamples } = bound;
  const rows: Row[] = [];
  if (!isNumber(elbo)) return rows;
  if (isNumber(reconstruction) && isNumber(kl)) {
    rows.push({
      id: "reconstruction",
      name: ["reconstruction ", math("E_q[log p(x|z)]")],
      explanation: "how well its code explains a datum",
      value: number(reconstruction),
      from: reconstruction,
      to: reconstruction,
      kind: "level",
    });
    rows.push({
      id: "kl",
      name: ["\u2212\u00a0", math("KL(q(z|x) ‖ p(z))")],
      explanation: "what the code costs against the prior",
      value: number(-Math.abs(kl)),
      from: reconstruction,
      to: elbo,
      kind: "step-down",
    });
  }
  rows.push({
    id: "elbo",
    name: ["= ELBO"],
    explanation: "the bound that training raises",
    value: number(elbo),
    from: elbo,
    to: elbo,
    kind: "bound",
  });
  if (isNumber(logLikelihood)) {
    const gap = logLikelihood - elbo;
    rows.push({
      id: "gap",
      name: [gap < 0 ? "\u2212\u00a0" : "+\u00a0", math("KL(q(z|x) ‖ p(z|x))")],
      explanation: gap < 0 ? "the gap, below 0 within the estimate's error" : "the gap to the exact posterior",
      value: (gap < 0 ? "" : "+") + number(gap),
      from: elbo,
      to: logLikelihood,
      kind: "step-up",
    });
    rows.push({
      id: "log-likelihood",
      name: ["= ", math("log p(x)")],
      explanation: importanceSamples
        ? `from ${number(importanceSamples, 0)} importance samples each`
        : "exact",
      value: number(logLikelihood) + (isNumber(standardError) ? ` ± ${number(standardError)}` : ""),
      from: logLikelihood,
      to: logLikelihood,
      kind: "level",
    });
  }
  return rows;
}

/** Whether the bound is log p(x) itself, as EM with an exact posterior makes it. */
export function isExact({ elbo, reconstruction, logLikelihood }: BoundSummary): boolean {
  return isNumber(elbo) && isNumber(logLikelihood) && !isNumber(reconstruction) && Math.abs(logLikelihood - elbo) <= 1e-9 * Math.max(1, Math.abs(elbo));
}

export function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
