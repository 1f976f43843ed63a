// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Renders every Helm chart that git knows, as an installation would, and fails on one that cannot be rendered: a scanner that
// leaves such a chart out passes it without having looked. It fails too on one that Checkov leaves out for another reason, and on one
// that renders what silences a scanner, unless that is registered: nobody sees in a template what it puts together.
//
//   node scripts/render-charts.mjs HELM [ARGUMENT...]
//
// HELM is the command that starts Helm, such as `helm`, or `docker run ... IMAGE`. A chart is rendered with its own values,
// and with each file `ci/*-values.yaml` of its directory. Left out are charts inside of charts, library charts, which render
// nothing, and what .github/scanners/checkov.yml leaves out of the scan.
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { commentsIn } from "./inline-suppressions.mjs";
import { logText } from "./log-text.mjs";
import { isThere, readBytes, readObject } from "./read-json.mjs";

const CHECKOV = ".github/scanners/checkov.yml";
const EXCEPTIONS = ".ray-platform/exceptions.json";
/** Directories that Checkov skips: node_modules, and every one that begins with a dot. */
const PASSED_OVER = /(?:^|\/)(?:\.[^/]+|node_modules)(?:\/|$)/;
/** What Docker says where the machine is not what the image is for; Helm has not said it. */
const OF_DOCKER = /^WARNING: The requested image's platform .*\n?/gm;

const [helm, ...before] = process.argv.slice(2);
if (helm === undefined) {
  console.error("usage: node scripts/render-charts.mjs HELM [ARGUMENT...]");
  process.exit(2);
}

const skipped = skippedPaths();
const known = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "Chart.yaml", "**/Chart.yaml"];
const charts = execFileSync("git", known, { encoding: "utf8" })
  .split("\0")
  .filter((file) => file !== "" && isThere(file))
  .map((file) => dirname(file))
  .filter((directory) => !skipped.some((path) => directory === path || directory.startsWith(`${path}/`)))
  .filter((directory, _index, all) => !all.some((outer) => directory.startsWith(`${outer}/charts/`)));

let failed = 0;
for (const chart of charts.sort()) {
  if (/^type:\s*["']?library\b/m.test(read(join(chart, "Chart.yaml")))) {
    console.log(`${logText(chart)} is a library, which renders nothing`);
    continue;
  }
  if (PASSED_OVER.test(chart)) {
    leftOut(chart, "it is in a directory that is hidden, or named node_modules. Move it");
  }
  for (const values of [undefined, ...valuesOf(chart)]) {
    const more = values === undefined ? [] : ["--values", values];
    const { status, stdout, stderr, error } = spawnSync(helm, [...before, "template", "chart", chart, ...more], {
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
    });
    const what = `${logText(chart)}${values === undefined ? "" : ` with ${logText(values)}`}`;
    const [silences] = status === 0 && !isRegistered(chart) ? commentsIn(`${chart}/rendered.yaml`, stdout) : [];
    if (silences !== undefined) {
      failed += 1;
      console.error(
        `${what} renders '${logText(silences.text)}', which silences ${silences.tool} without a reason or a last day. Name the finding in the exceptions of the gate, or the template in workflows.inlineSuppressions, in .projenrc.ts.`,
      );
    } else if (status === 0) {
      console.log(`${what} renders`);
      // Checkov takes whatever Helm says for an error, and goes on without the chart; it uses no other values.
      const warnings = stderr.replace(OF_DOCKER, "").trim();
      if (values === undefined && warnings !== "") {
        leftOut(chart, `Helm warns: ${warnings} Fix the cause`);
      }
    } else {
      failed += 1;
      console.error(`${what} cannot be rendered, so no scanner sees it: ${logText((error?.message ?? stderr).trim())}`);
    }
  }
}
process.exitCode = failed > 0 ? 1 : 0;

/** Fails on a chart that renders, and that Checkov would skip without a word. */
function leftOut(chart, why) {
  failed += 1;
  console.error(
    logText(
      `${chart}: Checkov skips this chart: ${why}, or except the chart in workflows.checkov.exceptions in .projenrc.ts.`,
    ),
  );
}

/** Whether the options name the chart, a directory above it, or a file in it. */
function isRegistered(chart) {
  const { inlineSuppressions = [] } = isThere(EXCEPTIONS)
    ? readObject(EXCEPTIONS, { "inlineSuppressions?": [{ path: "" }] })
    : {};
  return inlineSuppressions.some(({ path }) => {
    const named = path.replace(/\/$/, "");
    return chart === named || chart.startsWith(`${named}/`) || named.startsWith(`${chart}/`);
  });
}

/** The text of a file. What is none, such as a link to a device, ends the script: nobody would judge the chart. */
function read(file) {
  try {
    return readBytes(file).toString("utf8");
  } catch (error) {
    console.error(`${logText(file)} cannot be read: ${logText(error.message)}`);
    process.exit(1);
  }
}

/** Files of values that a chart brings for tests, as chart-testing has them. */
function valuesOf(chart) {
  const directory = join(chart, "ci");
  return isThere(directory)
    ? readdirSync(directory)
        .filter((name) => name.endsWith("-values.yaml"))
        .sort()
        .map((name) => join(directory, name).split(sep).join("/"))
    : [];
}

/**
 * The list `skip-path` of Checkov's configuration, as paths. The file is generated: one item a line, a comment behind it, and in an
 * item the root, the path and an end.
 */
function skippedPaths() {
  const lines = isThere(CHECKOV) ? read(CHECKOV).split("\n") : [];
  const start = lines.findIndex((line) => line.startsWith("skip-path:"));
  const rest = start < 0 ? [] : lines.slice(start + 1);
  const end = rest.findIndex((line) => /^\S/.test(line));
  return (end < 0 ? rest : rest.slice(0, end)).flatMap((line) => {
    const item = /^\s*-\s+["']?([^"'#]+?)["']?\s*(#.*)?$/.exec(line)?.[1];
    const path = /^\^\(.*?\)\/(.*)\(\/\|\$\)$/.exec(item ?? "")?.[1].replace(/\\(.)/g, "$1") ?? item;
    return path === undefined ? [] : [path.replace(/\/$/, "")];
  });
}
