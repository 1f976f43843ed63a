// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyOf, plant, runStep } from "../workflows/run-step.mjs";

export default {
  id: "documented-examples",
  title: "Every documented example of options and extensions passes tfsec, Checkov and the policies",
  tools: ["tfsec", "checkov"],
  async run({ repo, generated, tools, exec, log }) {
    const directory = mkdtempSync(join(tmpdir(), "examples-"));
    const { stdout } = await exec(
      join(repo, "node_modules", ".bin", "tsx"),
      [join(repo, "verify", "documented-examples.ts"), directory],
      { cwd: repo, note: log },
    );
    const { options, denied, extensions, exceptions } = JSON.parse(stdout);
    if (extensions.length === 0 || exceptions.length === 0) {
      throw new Error("no example of an extension, or none of an exception, was found in the documents");
    }
    demandNone("the policies deny", denied);
    const copy = copyOf(generated);
    await extend(copy, { extensions, exceptions, exec, log });
    for (const number of readdirSync(directory)) {
      const scannable = join(directory, number, "cdktf.out", "scannable");
      cpSync(scannable, join(copy, "cdktf.out", "scannable", number), { recursive: true });
    }
    tfsec(copy, tools.tfsec);
    await checkov(copy, { checkov: tools.checkov, exec });
    return `${options} examples of options and ${extensions.length} of extensions: no finding`;
  },
};

/** Put the extensions and their exceptions where the documents say, and let the repository judge its own stacks. */
async function extend(copy, { extensions, exceptions, exec, log }) {
  const modules = extensions.map(({ code }, index) => [`example-${index}`, code]);
  for (const [name, code] of modules) {
    plant(copy, `src/${name}.ts`, withHeader(code));
  }
  const imports = modules.map(([name], index) => `import { extend as extend${index} } from "./${name}";`);
  const calls = modules.map((_, index) => `  extend${index}(stacks);`);
  plant(
    copy,
    "src/extensions.ts",
    withHeader(
      [
        ...imports,
        'import type { PlatformStacks } from "./platform/build-platform";',
        "",
        "export function extend(stacks: PlatformStacks): void {",
        ...calls,
        "}",
        "",
      ].join("\n"),
    ),
  );
  const projenrc = readFileSync(join(copy, ".projenrc.ts"), "utf8");
  const start = "new RayPlatformProject({";
  // An example is no worse for its day having passed.
  const nextMonth = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  const parts = exceptions.join("\n").replace(/expires: "[^"]*"/g, `expires: "${nextMonth}"`);
  plant(copy, ".projenrc.ts", projenrc.replace(start, `${start}\n${parts}`));
  for (const task of ["default", "synth", "policy"]) {
    await exec("npx", ["--no-install", "projen", task], { cwd: copy, note: log });
  }
}

function withHeader(code) {
  return `// Copyright acme\n// SPDX-License-Identifier: Apache-2.0\n\n${code}`;
}

function tfsec(copy, program) {
  const job = { directory: copy, workflow: "tfsec.yml", job: "tfsec" };
  const { code, output } = runStep({ ...job, step: "Scan the synthesized stacks", unpacked: { tfsec: program } });
  if (code !== 0) {
    const report = join(copy, "tfsec.lovely");
    throw new Error(`tfsec has findings:\n${output}${existsSync(report) ? readFileSync(report, "utf8") : ""}`);
  }
}

/** The stacks alone: charts and workflows are not the examples', and are scanned elsewhere. */
async function checkov(copy, { checkov: program, exec }) {
  await exec(
    program,
    ["--config-file", ".github/scanners/checkov.yml", "--directory", "cdktf.out/scannable", "--compact", "--quiet"],
    { cwd: copy },
  );
}

function demandNone(what, found) {
  if (found.length > 0) {
    throw new Error(`${what}:\n${found.join("\n")}`);
  }
}
