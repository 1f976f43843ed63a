// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { parseArgs } from "node:util";
import { exec } from "./command.mjs";
import { Progress } from "./progress.mjs";
import { ROOT, setUp, setUpSite } from "./setup.mjs";

const HELP = `usage: npm run docs [-- OPTIONS]

Builds the documentation site into build/site: what is written for it in site/pages, and what follows from the sources,
the documents and the tables of this project. A link that leads nowhere fails the build.

  --serve   then serve it on this machine, and build a page again when site/pages changes
  --help    print this text

Exit code: 0 it is built, 1 it is not, 2 wrong usage.`;

const options = commandLine();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const progress = new Progress();
const site = join(ROOT, "site");
try {
  await setUp(progress);
  await setUpSite(progress);
  await progress.step("Lay out the pages", (note) =>
    exec(join(ROOT, "node_modules", ".bin", "tsx"), [join(site, "generate", "main.ts")], { cwd: ROOT, note }),
  );
  if (options.serve) {
    await exec(join(site, "node_modules", ".bin", "vitepress"), ["dev", "."], { cwd: site, inherit: true });
  } else {
    await progress.step("Build the site", async (note) => {
      const vitepress = join(site, "node_modules", ".bin", "vitepress");
      const { stdout, stderr } = await exec(vitepress, ["build", "."], { cwd: site, note });
      // A page whose rendering fails is left out, and the build goes on.
      const error = /^\w*Error: .*/m.exec(stdout + stderr);
      if (error !== null) {
        throw new Error(`a page cannot be rendered: ${error[0]}`);
      }
    });
    await progress.step("Check the links", async () => {
      const { brokenLinks } = await import("./docs/broken-links.mjs");
      const broken = brokenLinks(join(ROOT, "build", "site"));
      if (broken.length > 0) {
        throw new Error(`links that lead nowhere:\n${broken.join("\n")}`);
      }
    });
    progress.line(`build/site, in ${progress.elapsed}`);
  }
} catch (error) {
  progress.line(error.message);
  process.exit(1);
}

function commandLine() {
  try {
    return parseArgs({ options: { serve: { type: "boolean" }, help: { type: "boolean" } } }).values;
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
}
