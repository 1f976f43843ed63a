// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Judges what the default repository synthesizes, by the command and by OPA on the repository's own Rego. */
export default {
  id: "opa-default-repository",
  title: "The default repository passes its own policies",
  tools: ["opa"],
  async run({ repo, generated, tools, exec }) {
    if (!existsSync(join(generated, "cdktf.out", "stacks"))) await exec("npx", ["projen", "synth"], { cwd: generated });
    const { stdout } = await exec(
      process.execPath,
      ["node_modules/ray-platform/bin/ray-platform", "policy", "--json"],
      { cwd: generated },
    );
    const { policyReport } = await import(join(repo, "lib", "reports", "policy-report.js"));
    const { files } = policyReport.read(stdout);
    const found = files.flatMap(({ file, deny, warn }) =>
      [...deny, ...warn].map(({ id, msg }) => `${file}: ${id}: ${msg}`),
    );
    if (found.length > 0) throw new Error(`the default repository is denied or warned of:\n${found.join("\n")}`);
    const rego = ["policies/lib", "policies/ray", "policies/terraform"];
    const { stdout: tests } = await exec(tools.opa, ["test", ...rego], { cwd: generated });
    return `${files.length} files without denial or warning; ${tests.trim().split("\n").at(-1)}`;
  },
};
