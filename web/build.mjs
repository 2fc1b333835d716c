// Bundles src/ into dist/: one script, one style sheet, one template; the .NET build embeds the three.
import { build } from "esbuild";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");

const result = await build({
  absWorkingDir: root,
  entryPoints: { report: "src/main.ts" },
  outdir: "dist",
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  charset: "utf8",
  format: "iife",
  target: ["chrome109", "firefox115", "safari16.4"],
  legalComments: "none",
  logLevel: "warning",
});

await mkdir(dist, { recursive: true });
const notices = await licenceNotices(result.metafile);
for (const file of result.outputFiles) {
  const isScript = file.path.endsWith(".js");
  await save(isScript ? "report.js" : "report.css", isScript ? notices + file.text : file.text);
}
await save("index.html", await readFile(join(root, "src/index.html"), "utf8"));

// The licences of what was bundled ask for their notice in every copy, and every report is a copy.
async function licenceNotices(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) packages.add(match[1]);
  }
  const byText = new Map();
  for (const name of [...packages].sort()) {
    const text = (await readFile(join(root, "node_modules", name, "LICENSE"), "utf8")).trim().replaceAll("*/", "* /");
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join(", ")}\n\n${text}`);
  return `/*\nThis page includes:\n\n${parts.join("\n\n")}\n*/\n`;
}

// Written aside and renamed, so that a build that runs at the same time never embeds half a file.
async function save(name, text) {
  const target = join(dist, name);
  const temporary = `${target}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, target);
}
