// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export default {
  id: "shellcheck",
  title: "shellcheck passes on the script of every workflow step and on every shell script",
  tools: ["shellcheck"],
  async run({ generated, tools, exec }) {
    const check = (script) => exec(tools.shellcheck, ["--shell=bash", "--severity=style", "-"], { input: script });
    const scripts = stepScripts(join(generated, ".github", "workflows"));
    for (const [title, script] of scripts) {
      await check(script).catch((error) => {
        throw new Error(`${title}:\n${error.stdout}`);
      });
    }
    const files = readdirSync(join(generated, "scripts"))
      .filter((name) => name.endsWith(".sh"))
      .map((name) => join(generated, "scripts", name));
    await exec(tools.shellcheck, ["--severity=style", ...files]);
    const refused = await check("cat $UNQUOTED\n").then(
      () => false,
      ({ stdout }) => stdout.includes("SC2086"),
    );
    if (!refused) {
      throw new Error("shellcheck accepts an unquoted variable");
    }
    return `${scripts.length} steps and ${files.length} scripts clean; the planted fault found`;
  },
};

function stepScripts(directory) {
  return readdirSync(directory).flatMap((file) =>
    Object.entries(parse(readFileSync(join(directory, file), "utf8")).jobs).flatMap(([job, { steps = [] }]) =>
      steps.filter(({ run }) => run !== undefined).map(({ name, run }) => [`${file}, job ${job}, step '${name}'`, run]),
    ),
  );
}
