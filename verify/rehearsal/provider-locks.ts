// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: tsx provider-locks.ts DIRECTORY
//
// Pins providers and initializes stacks with Terraform itself. The providers come from a filesystem mirror, and are packages that
// nothing starts. Ends with 1 if a script does not do what it says.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TerraformProgram } from "../../src/rehearsal/terraform-program";
import { zipOf } from "./zip";

const ROOT = join(__dirname, "..", "..");
const LOCK = ".terraform.lock.hcl";
const OTHER_PLATFORM = "plan9_amd64";

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  throw new Error("usage: provider-locks.ts DIRECTORY");
}
main(directory);

function main(base: string): void {
  const problems: string[] = [];
  const outputs: string[] = [];
  const expect = (what: string, holds: boolean): void => {
    if (!holds) {
      problems.push(what);
    }
  };
  const program = TerraformProgram.find();
  const place = (path: string, text: string | Buffer): void => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  };
  const run = (script: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join("scripts", script), ...args], {
      cwd: base,
      encoding: "utf8",
      env: { ...process.env, TF: program.name, TF_CLI_CONFIG_FILE: join(base, "cli.tfrc"), CHECKPOINT_DISABLE: "1" },
    });
    outputs.push(`$ ${script} ${args.join(" ")}\n${stdout}${stderr}`);
    return { status, output: stdout + stderr };
  };
  /** A new package of a provider, for this machine and another one. */
  const publish = (name: string, version: string, content: string): void => {
    for (const platform of [thisPlatform(), OTHER_PLATFORM]) {
      place(
        `mirror/${program.registry}/hashicorp/${name}/terraform-provider-${name}_${version}_${platform}.zip`,
        zipOf(`terraform-provider-${name}_v${version}`, Buffer.from(`${content} for ${platform}\n`)),
      );
    }
  };
  const require = (versions: Readonly<Record<string, string>>): void => {
    const stacks: Record<string, object> = {};
    for (const [stack, names] of Object.entries({ "dev-network": ["aws"], "dev-workloads": ["aws", "helm"] })) {
      const providers = names.map((name) => [name, { source: name, version: versions[name] }]);
      const document = { terraform: { required_providers: Object.fromEntries(providers) } };
      const workingDirectory = `stacks/${stack}`;
      const synthesizedStackPath = `${workingDirectory}/cdk.tf.json`;
      stacks[stack] = { dependencies: [], workingDirectory, synthesizedStackPath };
      place(`cdktf.out/${synthesizedStackPath}`, JSON.stringify(document));
    }
    place("cdktf.out/manifest.json", JSON.stringify({ stacks }));
  };
  const init = (stack: string) => {
    rmSync(join(base, "cdktf.out/stacks", stack, ".terraform"), { recursive: true, force: true });
    return run("init-stack.mjs", stack, "-no-color");
  };
  const pin = () =>
    run("lock-providers.mjs", "--mirror", "mirror", "--platform", thisPlatform(), "--platform", OTHER_PLATFORM);

  cpSync(join(ROOT, "templates", "scripts"), join(base, "scripts"), { recursive: true });
  place(
    "cli.tfrc",
    `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(join(base, "mirror"))} }\n}\n`,
  );
  publish("aws", "1.0.0", "aws");
  publish("helm", "2.0.0", "helm");
  require({ aws: "1.0.0", helm: "2.0.0" });

  const first = init("dev-workloads");
  expect(
    "a stack without a lock is initialized, with a warning",
    first.status === 0 && /does not pin: .*aws 1\.0\.0/.test(first.output),
  );
  expect("nothing is pinned before", run("lock-providers.mjs", "--check").status === 1);
  expect("what is missing is pinned", pin().status === 0 && run("lock-providers.mjs", "--check").status === 0);
  for (const stack of ["dev-network", "dev-workloads"]) {
    const { status, output } = init(stack);
    expect(
      `${stack} is initialized with what is pinned, and nothing to record`,
      status === 0 && !/warning/i.test(output),
    );
  }

  publish("aws", "1.0.0", "something else");
  const forged = init("dev-network");
  expect(
    "another package under the same version is refused",
    forged.status !== 0 && forged.output.includes("doesn't match any of the checksums"),
  );
  place(LOCK, readFileSync(join(base, LOCK), "utf8").replace(/^provider "[^"]*helm" \{[^}]*^\}\n/m, ""));
  const partly = init("dev-workloads");
  expect(
    "and so it is where another provider is not pinned",
    partly.status !== 0 && partly.output.includes("doesn't match any of the checksums"),
  );

  publish("aws", "1.1.0", "aws");
  require({ aws: "1.1.0", helm: "2.0.0" });
  const moved = init("dev-network");
  expect(
    "a version that moved is initialized, with a warning",
    moved.status === 0 && moved.output.includes("aws 1.1.0"),
  );
  expect(
    "and pinned in the place of the old one",
    pin().status === 0 && !readFileSync(join(base, LOCK), "utf8").includes('"1.0.0"'),
  );
  expect("then there is no warning", !/warning/i.test(init("dev-network").output));

  if (problems.length > 0) {
    console.error(`${outputs.join("\n")}\nNot so:\n${problems.join("\n")}`);
    process.exitCode = 1;
  }
  console.log("providers were pinned, initialized read-only, refused when forged, and moved");
}

function thisPlatform(): string {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  return `${process.platform === "win32" ? "windows" : process.platform}_${architecture}`;
}
