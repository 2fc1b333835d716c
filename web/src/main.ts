import "./style.css";
import type { Payload } from "./contract";

const payload = JSON.parse(document.getElementById("payload")!.textContent!) as Payload;
const report = document.getElementById("report")!;
for (const run of payload.runs) {
  const heading = document.createElement("h1");
  heading.textContent = run.header.title;
  const summary = document.createElement("p");
  summary.textContent = run.header.summary;
  report.append(heading, summary);
}
