// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** Scripts with a fault each: words that split, a directory that may not be there, a failure that nobody sees. */
const PLANTED = {
  SC2086: "cat $UNQUOTED\n",
  SC2164: "cd /planted\nrm -rf build\n",
  SC2155: "export PLANTED=$(false)\n",
};

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
    for (const [code, script] of Object.entries(PLANTED)) {
      const refused = await check(script).then(
        () => false,
        ({ stdout }) => stdout.includes(code),
      );
      if (!refused) {
        throw new Error(`shellcheck accepts what ${code} is about:\n${script}`);
      }
    }
    return `${scripts.length} steps and ${files.length} scripts clean; each of ${Object.keys(PLANTED).length} planted faults found`;
  },
};

function stepScripts(directory) {
  return readdirSync(directory).flatMap((file) =>
    Object.entries(parse(readFileSync(join(directory, file), "utf8")).jobs).flatMap(([job, { steps = [] }]) =>
      steps.filter(({ run }) => run !== undefined).map(({ name, run }) => [`${file}, job ${job}, step '${name}'`, run]),
    ),
  );
}
