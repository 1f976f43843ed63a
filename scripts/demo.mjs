// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { exec } from "./command.mjs";
import { generate, pack, temporaryDirectory } from "./generate.mjs";
import { Progress } from "./progress.mjs";
import { setUp } from "./setup.mjs";

const HELP = `usage: npm run demo [-- OPTIONS]

Does the main job from a bare clone: installs what is missing, packs the module, makes a repository with
"projen new --from" the tarball, builds it (synth, policies, tests, lint) and regenerates it to show that nothing changes.

  --dir DIR   where to put the repository; must be empty or missing   (default: a new temporary directory)
  --json      print a summary as JSON on standard output
  --help      print this text

Exit code: 0 everything passed, 1 something failed.`;

const { values } = parseArgs({
  options: { dir: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const base = values.dir === undefined ? temporaryDirectory("ray-platform-demo") : resolve(values.dir);
if (values.dir !== undefined && existsSync(base) && readdirSync(base).length > 0) {
  console.error(`${base} is not empty. Choose an empty or missing directory with --dir.`);
  process.exit(1);
}
const repository = join(base, "ray-platform-demo");
const progress = new Progress({ quiet: values.json });

try {
  await setUp(progress);
  const tarball = await progress.step("Pack the module", (note) => pack(base, note));
  await progress.step("Make a repository: projen new --from the tarball", (note) =>
    generate({ directory: repository, tarball, flags: ["--aws-region", "eu-west-1", "--github-owner", "acme"], note }),
  );
  await progress.step("Build it: synth, policies, tests, lint", (note) =>
    exec("npx", ["projen", "build"], { cwd: repository, note }),
  );
  await progress.step("Regenerate it: nothing may change", async (note) => {
    await exec("npx", ["projen"], { cwd: repository, note });
    const { stdout } = await exec("git", ["status", "--porcelain"], { cwd: repository });
    if (stdout !== "") {
      throw new Error(`npx projen changed files:\n${stdout}`);
    }
  });
  report(await summary());
} catch (error) {
  console.error(`\n${error.message}\n\nThe repository is left at ${repository}`);
  process.exit(1);
}

async function summary() {
  const { stdout } = await exec("git", ["ls-files"], { cwd: repository });
  const files = stdout.trim().split("\n");
  const count = (prefix) => files.filter((file) => file.startsWith(prefix)).length;
  const { stacks } = JSON.parse(readFileSync(join(repository, "cdktf.out", "manifest.json"), "utf8"));
  const resources = Object.fromEntries(
    Object.entries(stacks).map(([name, { synthesizedStackPath }]) => {
      const { resource = {} } = JSON.parse(readFileSync(join(repository, "cdktf.out", synthesizedStackPath), "utf8"));
      return [name, Object.values(resource).reduce((sum, byName) => sum + Object.keys(byName).length, 0)];
    }),
  );
  const { policyReport } = await import("../lib/reports/policy-report.js");
  const { stdout: policies } = await exec("npx", ["projen", "policy", "--json"], { cwd: repository });
  const { files: judged } = policyReport.read(policies.slice(policies.indexOf("{")));
  return {
    repository,
    files: files.length,
    workflows: count(".github/workflows/"),
    policyFiles: files.filter((file) => file.endsWith(".rego")).length,
    resources,
    judged: new Set(judged.map(({ file }) => file)).size,
    denials: judged.flatMap(({ deny }) => deny).length,
    warnings: judged.flatMap(({ warn }) => warn).length,
    seconds: Number.parseFloat(progress.elapsed),
  };
}

function report(result) {
  if (values.json) {
    console.log(JSON.stringify(result, null, 2));
    return;
  }
  console.log(`
A Ray-on-EKS platform was generated, built and verified in ${result.seconds} s.

  ${result.files} files, of which ${result.workflows} workflows and ${result.policyFiles} Rego files
${Object.entries(result.resources)
  .map(([stack, number]) => `  stack ${stack}: ${number} resources`)
  .join("\n")}
  policies: ${result.denials} denials, ${result.warnings} warnings in ${result.judged} files
  npx projen a second time: no change

Look at it:
  cd ${repository}
  less README.md                     what it is and how to deploy it
  less .projenrc.ts                  everything that is yours to decide
  npx projen status                  who owns which file
  ls cdktf.out/stacks                Terraform JSON, ready for terraform or tofu
`);
}
