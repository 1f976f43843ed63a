// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

let rendering;

/**
 * Synthesizes every option set of test/templates/configs.ts and renders the Ray chart with the values of each environment.
 * The first call does the work, later ones get its result.
 *
 * @returns {Promise<{ option: string, values: string, manifest: string }[]>} absolute paths
 */
export function renderedCharts(context) {
  rendering ??= render(context);
  return rendering;
}

async function render({ repo, tools, exec, log }) {
  const directory = mkdtempSync(join(tmpdir(), "ray-platform-charts-"));
  log("synthesizing the option sets");
  const { stdout } = await exec(
    join(repo, "node_modules", ".bin", "tsx"),
    [join(repo, "verify", "option-sets.ts"), directory],
    { cwd: repo },
  );
  const rendered = [];
  for (const outdir of stdout.trim().split("\n")) {
    mkdirSync(join(outdir, "rendered"), { recursive: true });
    for (const file of readdirSync(join(outdir, "values"))) {
      const values = join(outdir, "values", file);
      const manifest = join(outdir, "rendered", file.replace(/\.json$/, ".yaml"));
      const { stdout: text } = await exec(tools.helm, [
        "template",
        "ray",
        join(repo, "templates", "helm", "ray"),
        "--namespace",
        "ray",
        "--values",
        values,
      ]);
      writeFileSync(manifest, text);
      rendered.push({ option: basename(outdir), values, manifest });
    }
  }
  return rendered;
}
