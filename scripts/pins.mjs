// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Progress } from "./progress.mjs";
import { installDependencies, ROOT } from "./setup.mjs";

const HELP = `usage: npm run pins [-- OPTIONS]

Writes what workflows/pins.json pins (commits of actions, versions and checksums of programs, digests of images) into
every workflow, and the versions into verify/tools.json.

  --check   write nothing; fail if a file does not say what the table says
  --json    print the files that differ, and what the table does not pin, as JSON on standard output
  --help    print this text

Exit code: 0 every file is as the table says, 1 it is not, 2 wrong usage.`;

const TABLE = "workflows/pins.json";
/** Actions that only this project's own workflows run. */
const OWN_ACTIONS = "projenrc/workflows/pins.json";
const WORKFLOWS = ["workflows", "projenrc/workflows", ".github/workflows"];

const options = commandLine();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
if (!existsSync(join(ROOT, "node_modules", "yaml"))) {
  await installDependencies(new Progress({ quiet: options.json }));
}
const [{ pinnedWorkflow }, { pinnedTools }] = await Promise.all([
  import("./pins/workflow-pins.mjs"),
  import("./pins/tool-pins.mjs"),
]);
const shipped = JSON.parse(readFileSync(join(ROOT, TABLE), "utf8"));
const { actions: ownActions } = JSON.parse(readFileSync(join(ROOT, OWN_ACTIONS), "utf8"));
const table = { ...shipped, actions: { ...shipped.actions, ...ownActions } };
const results = [...workflows().map((file) => look(file, pinnedWorkflow)), look("verify/tools.json", pinnedTools)];
const differing = results.filter(({ before, after }) => before !== after);
if (!options.check) {
  differing.forEach(({ file, after }) => {
    writeFileSync(join(ROOT, file), after);
  });
}
report();

function commandLine() {
  try {
    return parseArgs({ options: { check: { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean" } } })
      .values;
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
}

function workflows() {
  return WORKFLOWS.filter((directory) => existsSync(join(ROOT, directory))).flatMap((directory) =>
    readdirSync(join(ROOT, directory))
      .filter((name) => name.endsWith(".yml"))
      .sort()
      .map((name) => `${directory}/${name}`),
  );
}

function look(file, pinned) {
  const before = readFileSync(join(ROOT, file), "utf8");
  const { text: after, unknown } = pinned(before, table);
  return { file, before, after, unknown };
}

function report() {
  const unknown = results.flatMap(({ file, unknown: names }) => names.map((what) => ({ file, what })));
  if (options.json) {
    console.log(JSON.stringify({ differing: differing.map(({ file }) => file), unknown }, null, 2));
  } else {
    for (const { file, before, after } of differing) {
      console.log(options.check ? `${file} does not say what ${TABLE} says:` : `${file}:`);
      changedLines(before, after).forEach((line) => {
        console.log(`  ${line}`);
      });
    }
    for (const { file, what } of unknown) {
      console.error(`${file}: ${TABLE} does not pin ${what}. Add it there, with where the pin was seen.`);
    }
    if (options.check && differing.length > 0) {
      console.error("Run npm run pins. To change a pin, change it in the table.");
    }
  }
  process.exit(unknown.length > 0 || (options.check && differing.length > 0) ? 1 : 0);
}

function changedLines(before, after) {
  const now = after.split("\n");
  return before
    .split("\n")
    .flatMap((line, index) =>
      line === now[index] ? [] : [`${index + 1}: - ${line.trim()}`, `${index + 1}: + ${now[index]?.trim()}`],
    );
}
