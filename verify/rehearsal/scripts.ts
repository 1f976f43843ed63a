// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: tsx scripts.ts DIRECTORY
//
// Runs the scripts of the workflows that plan, deploy and compare, with Terraform itself, local states and resources that are
// nothing but data. Stand-ins: AWS's key, which is a fixed one, the bucket's list of objects, which is empty, the bucket's objects,
// which are files, and the policies, which allow everything. Ends with 1 if a script does not do what it says.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { TerraformProgram } from "../../src/rehearsal/terraform-program";

const ROOT = join(__dirname, "..", "..");
const SECRET = "hunter2";
const LAYERS = ["network", "cluster", "workloads"] as const;
type Layer = (typeof LAYERS)[number];

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  throw new Error("usage: scripts.ts DIRECTORY");
}
main(directory);

function main(base: string): void {
  const problems: string[] = [];
  const expect = (what: string, holds: boolean): void => {
    if (!holds) {
      problems.push(what);
    }
  };
  const repository = makeRepository(base);
  const { write, job, resources } = repository;

  write({ network: ["zone_a", "zone_b"], cluster: ["node_a", "node_b"], workloads: ["release"] });
  const first = job("terraform-apply.sh", "network cluster", { LATER_STACKS: "workloads" });
  expect("a first deployment ends with 0", first.status === 0);
  expect("nothing is left to delete after a first deployment", first.deferred === "");
  expect("the workloads are deployed after it", job("terraform-apply.sh", " workloads").status === 0);
  expect("everything is there", LAYERS.flatMap(resources).join() === "zone_a,zone_b,node_a,node_b,release");
  expect("what is deployed does not differ", job("terraform-drift.sh", LAYERS.join(" ")).status === 0);

  write({ network: ["zone_a", "zone_c"], cluster: ["node_a", "node_c"], workloads: ["release"] });
  const plan = job("terraform-plan.sh", LAYERS.join(" "));
  expect("a change is planned", plan.status === 0 && plan.output.includes("- destroy `terraform_data.zone_b`"));
  expect("a difference is drift", job("terraform-drift.sh", LAYERS.join(" ")).status === 2);
  const grown = job("terraform-apply.sh", "network cluster", { LATER_STACKS: "workloads" });
  expect("a zone is moved in two jobs", grown.status === 0 && grown.deferred === "cluster network");
  expect("the first deletes nothing", resources("network").join() === "zone_a,zone_b,zone_c");
  const shrunk = job("terraform-apply.sh", `${grown.deferred} workloads`);
  expect("the second ends with 0", shrunk.status === 0);
  expect("and leaves what is wanted", LAYERS.flatMap(resources).join() === "zone_a,zone_c,node_a,node_c,release");

  // What is approved is applied, whatever Terraform would plan by then.
  const saved = () => job("terraform-plan.sh", "network cluster", { SAVE_PLANS: "true" });
  const approve = (name: string | undefined, stacks: string) =>
    job("terraform-apply.sh", stacks, { APPROVED_PLAN: name ?? "none" });
  const wide = ["zone_a", "zone_c", "zone_d"];
  write({ network: wide, cluster: ["node_a", "node_c"], workloads: ["release"] });
  const early = saved();
  expect("plans are saved", early.status === 0 && early.plan !== undefined);
  write({ network: ["zone_a", "zone_c", "zone_e"], cluster: ["node_a", "node_c"], workloads: ["release"] });
  expect("a saved plan is applied", approve(early.plan, "network").status === 0);
  expect("and nothing that was planned later", resources("network").join() === wide.join());
  write({ network: wide, cluster: ["node_a", "node_c"], workloads: ["release"] });
  const anew = approve(early.plan, "network cluster");
  expect(
    "a plan that was applied is made again",
    anew.status === 0 && anew.output.includes("its state went from serial"),
  );
  write({ network: [...wide, "zone_e"], cluster: ["node_a", "node_c"], workloads: ["release"] });
  repository.setProduction(true);
  const late = saved();
  expect("production is not deployed without a plan", job("terraform-apply.sh", "network").status === 1);
  expect(
    "a plan of another commit is refused",
    job("terraform-apply.sh", "network", { APPROVED_PLAN: late.plan ?? "", GITHUB_SHA: "b".repeat(40) }).status === 1,
  );
  expect("nothing was applied", resources("network").join() === wide.join());
  const moved = approve(late.plan, "network cluster");
  expect(
    "production goes as far as was approved",
    moved.status === 1 && moved.output.includes("what was not approved"),
  );
  expect("and no further", resources("network").includes("zone_e"));
  repository.setProduction(false);
  expect("the rest is deployed", job("terraform-apply.sh", "network cluster").status === 0);

  write({ network: ["zone_a", "zone_c"], cluster: ["node_a", "node_c", "refused"], workloads: ["release"] });
  const failed = job("terraform-apply.sh", "network cluster", { LATER_STACKS: "workloads" });
  expect(
    "a deployment that fails says so",
    failed.status !== 0 && failed.output.includes("Resource postcondition failed"),
  );
  const opened = repository.run("node", ["scripts/keep-state.mjs", "open", "dev", "kept/dev-messages.encrypted"]);
  expect("what Terraform said can be opened", opened.stdout.includes(`${SECRET} is refused`));
  expect("no log has a value", !repository.outputs().includes(SECRET));

  if (problems.length > 0) {
    console.error(`${repository.outputs()}\nNot so:\n${problems.join("\n")}`);
    process.exitCode = 1;
  }
  console.log(
    "the scripts deployed, compared, shrank in two jobs, applied what was saved and failed as they say, and no log had a value",
  );
}

/** A repository whose stacks are data, each reading the one before. */
function makeRepository(base: string) {
  const place = (path: string, text: string): void => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  };
  const terraform = spawnSync("bash", ["-c", `command -v ${TerraformProgram.find().name}`], { encoding: "utf8" });
  const key = Buffer.alloc(32, 7).toString("base64");
  cpSync(join(ROOT, "templates", "scripts"), join(base, "scripts"), { recursive: true });
  place("bin/terraform", `#!/bin/bash\nexec ${terraform.stdout.trim()} "$@"\n`);
  place("bin/node", `#!/bin/bash\nexec ${process.execPath} "$@"\n`);
  place(
    "bin/aws",
    `#!/bin/bash
[[ "$1" == kms ]] && echo '{"Plaintext":"${key}","CiphertextBlob":"c2VhbGVk"}'
[[ "$2" == put-object ]] && mkdir -p "store/$(dirname "$6")" && cp "\${12}" "store/$6"
[[ "$2" == get-object ]] && cp "store/$6" "\${*: -1}"
exit 0
`,
  );
  place(
    "node_modules/ray-platform/bin/ray-platform",
    `if (process.argv[2] === "policy") {
  JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  console.log('{"format":1,"exitCode":0,"files":[]}');
} else {
  require(${JSON.stringify(join(ROOT, "bin", "ray-platform"))});
}
`,
  );
  symlinkSync(join(ROOT, "lib"), join(base, "node_modules/ray-platform/lib"));
  const setProduction = (production: boolean): void => {
    const state = { kmsKeyAlias: "k", region: "us-east-1", bucket: "states" };
    place("src/platform/platform.json", JSON.stringify({ environments: [{ name: "dev", state, production }] }));
  };
  setProduction(false);
  const all: string[] = [];
  const run = (program: string, args: readonly string[], env: Record<string, string> = {}) =>
    spawnSync(program, args, {
      cwd: base,
      encoding: "utf8",
      env: { ...process.env, PATH: `${join(base, "bin")}:${process.env.PATH}`, PLATFORM_ENVIRONMENT: "dev", ...env },
    });

  return {
    run,
    setProduction,
    outputs: () => all.join("\n"),
    /** The stacks, each with the names of its resources. */
    write(wanted: Readonly<Record<Layer, readonly string[]>>): void {
      const stacks: Record<string, object> = {};
      LAYERS.forEach((layer, index) => {
        const before = LAYERS[index - 1];
        const workingDirectory = `stacks/dev-${layer}`;
        const synthesizedStackPath = `${workingDirectory}/cdk.tf.json`;
        const dependencies = before === undefined ? [] : [`dev-${before}`];
        stacks[`dev-${layer}`] = { name: `dev-${layer}`, dependencies, workingDirectory, synthesizedStackPath };
        place(`cdktf.out/${synthesizedStackPath}`, JSON.stringify(stackOf(base, layer, before, wanted[layer])));
        const local = { path: join(base, "states", `${layer}.tfstate`) };
        place(
          `cdktf.out/${workingDirectory}/backend_override.tf.json`,
          JSON.stringify({ terraform: { backend: { local } } }),
        );
      });
      place("cdktf.out/manifest.json", JSON.stringify({ stacks }));
    },
    /** What a job's script comes to. */
    job(script: string, stacks: string, env: Record<string, string> = {}) {
      place("output", "");
      const { status, stdout, stderr } = run("bash", [join("scripts", script), "kept"], {
        STACKS: stacks,
        GITHUB_OUTPUT: join(base, "output"),
        GITHUB_SHA: "a".repeat(40),
        GITHUB_RUN_ID: "1",
        ...env,
      });
      const output = `$ ${script} ${stacks}\n${stdout}${stderr}`;
      all.push(output);
      const told = readFileSync(join(base, "output"), "utf8");
      const [, deferred] = /^deferred=(.*)$/m.exec(told) ?? [];
      const [, plan] = /^plan=(.*)$/m.exec(told) ?? [];
      return { status, output, deferred, plan };
    },
    /** Names of what a layer's state has. */
    resources(layer: Layer): string[] {
      const file = join(base, "states", `${layer}.tfstate`);
      const state = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { resources: [] };
      return (state.resources as { mode: string; name: string }[])
        .filter(({ mode }) => mode === "managed")
        .map(({ name }) => name)
        .sort();
    },
  };
}

/** A stack; what it makes has a value that must not be seen, and its output changes with what it makes. */
function stackOf(base: string, layer: Layer, before: Layer | undefined, names: readonly string[]): object {
  const s3 = { bucket: "states", key: `dev/${layer}.tfstate`, region: "us-east-1" };
  const data = (name: string) => ({
    input: before === undefined ? SECRET : `${SECRET} \${join(",", data.terraform_remote_state.before.outputs.names)}`,
    ...(name === "refused"
      ? { lifecycle: { postcondition: [{ condition: "${self.id == null}", error_message: `${SECRET} is refused` }] } }
      : {}),
  });
  return {
    terraform: { backend: { s3 } },
    ...(before === undefined
      ? {}
      : {
          data: {
            terraform_remote_state: {
              before: { backend: "local", config: { path: join(base, "states", `${before}.tfstate`) } },
            },
          },
        }),
    resource: { terraform_data: Object.fromEntries(names.map((name) => [name, data(name)])) },
    output: { names: { value: [...names, `\${terraform_data.${names[0]}.id}`] } },
  };
}
