// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const MANIFEST = {
  stacks: Object.fromEntries(
    [
      ["network", []],
      ["cluster", ["dev-network"]],
      ["workloads", ["dev-cluster"]],
    ].map(([layer, dependencies]) => [
      `dev-${layer}`,
      {
        name: `dev-${layer}`,
        dependencies,
        workingDirectory: `stacks/dev-${layer}`,
        synthesizedStackPath: `stacks/dev-${layer}/cdk.tf.json`,
      },
    ]),
  ),
};

const KEY = Buffer.alloc(32, 7).toString("base64");

interface Deployed {
  /** Plan of each layer, as Terraform shows it. */
  readonly plans?: Readonly<Record<string, object>>;
  /** Plan of some resources of each layer; default: the same as of all. */
  readonly parts?: Readonly<Record<string, object>>;
  /** Layers that have a state. */
  readonly deployed?: readonly string[];
  /** Exit code of each Terraform command; default: 0. */
  readonly exits?: Readonly<Record<string, number>>;
  /** Exit code of the policies; default: 0. */
  readonly verdict?: number;
  /** What the policies deny. */
  readonly deny?: readonly object[];
  /** What lies in the bucket of states, each time that somebody looks; the first is the answer afterwards too. */
  readonly looks?: readonly (readonly object[])[];
  /** What Terraform says when it plans and applies. */
  readonly says?: string;
}

/** A repository with a Terraform that has the given plans and logs what it is asked, and with the scripts as they are. */
function repository({
  plans = {},
  parts = {},
  deployed = ["network", "cluster", "workloads"],
  exits = {},
  verdict = 0,
  deny = [],
  says = "",
  looks = [],
}: Deployed): string {
  const directory = mkdtempSync(join(tmpdir(), "deployment-scripts-"));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
    chmodSync(join(directory, path), text.startsWith("#!") ? 0o755 : 0o644);
  };
  write("cdktf.out/manifest.json", JSON.stringify(MANIFEST));
  for (const layer of ["network", "cluster", "workloads"]) {
    const s3 = { bucket: "b", key: `dev/${layer}.tfstate`, region: "us-east-1" };
    write(`cdktf.out/stacks/dev-${layer}/cdk.tf.json`, JSON.stringify({ terraform: { backend: { s3 } } }));
    write(`answers/dev-${layer}.plan`, JSON.stringify(plans[layer] ?? { resource_changes: [] }));
    write(`answers/dev-${layer}.part`, JSON.stringify(parts[layer] ?? plans[layer] ?? { resource_changes: [] }));
    write(`answers/dev-${layer}.output`, deployed.includes(layer) ? '{"some":{}}' : "{}");
  }
  write("says", says === "" ? "" : `${says}\n`);
  write(
    "bin/terraform",
    `#!/bin/bash
stack="\${1#-chdir=cdktf.out/stacks/}"
echo "$stack $2 \${*: -1}" >> calls
echo "$*" >> lines
[[ "$2" == plan || "$2" == apply ]] && cat says
case "$2" in
${Object.entries(exits)
  .map(([command, code]) => `  ${command}) exit ${code} ;;`)
  .join("\n")}
  show) if [[ "$4" == */part ]]; then cat "answers/$stack.part"; else cat "answers/$stack.plan"; fi ;;
  output) cat "answers/$stack.output" ;;
esac
`,
  );
  write(
    "node_modules/ray-platform/bin/ray-platform",
    `if (process.argv[2] === "order") {
  require(${JSON.stringify(join(ROOT, "bin", "ray-platform"))});
} else {
  require("node:fs").appendFileSync("calls", process.argv.slice(2).join(" ") + "\\n");
  if (process.argv[2] === "policy") {
    JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    console.log(${JSON.stringify(JSON.stringify({ format: 1, exitCode: verdict, files: [{ file: "-", deny, warn: [] }] }))});
    process.exitCode = ${verdict};
  }
}
`,
  );
  write(
    "bin/aws",
    `#!/bin/bash
[[ "$2" == generate-data-key ]] && echo '{"Plaintext":"${KEY}","CiphertextBlob":"c2VhbGVk"}'
[[ "$2" == decrypt && "$4" == c2VhbGVk ]] && echo '{"Plaintext":"${KEY}"}'
if [[ "$2" == list-objects-v2 ]]; then
  looks="$(cat looks 2> /dev/null)"
  echo "$looks." > looks
  if [[ -f "objects$looks" ]]; then cat "objects$looks"; elif [[ -f objects ]]; then cat objects; fi
fi
exit 0
`,
  );
  looks.forEach((objects, index) => {
    write(`objects${".".repeat(index)}`, JSON.stringify({ Contents: objects }));
  });
  write(
    "src/platform/platform.json",
    '{"environments":[{"name":"dev","state":{"kmsKeyAlias":"k","region":"us-east-1"}}]}',
  );
  cpSync(join(ROOT, "templates", "scripts"), join(directory, "scripts"), { recursive: true });
  symlinkSync(join(ROOT, "lib"), join(directory, "node_modules", "ray-platform", "lib"));
  return directory;
}

function run(script: string, directory: string, stacks: string, target = "kept", more: Record<string, string> = {}) {
  const result = spawnSync("bash", [join("scripts", script), target], {
    cwd: directory,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${join(directory, "bin")}:${process.env.PATH}`,
      PLATFORM_ENVIRONMENT: "dev",
      STACKS: stacks,
      ...more,
    },
  });
  const calls = existsSync(join(directory, "calls"))
    ? readFileSync(join(directory, "calls"), "utf8").trim().split("\n")
    : [];
  return { ...result, calls };
}

const change = (address: string, actions: readonly string[], more: object = {}) => ({
  address,
  type: address.split(".")[0],
  change: { actions, before: null, after: null, ...more },
});
const refused = {
  network: { resource_changes: [change("aws_subnet.c", ["create"])] },
  cluster: {
    resource_changes: [
      change("aws_eks_cluster.x", ["update"], { before: { version: "1.34" }, after: { version: "1.36" } }),
    ],
  },
};
const CONFIGURED = { root_module: { resources: [{ address: "aws_subnet.c" }] } };

describe("terraform-apply.sh", () => {
  const applied = (calls: readonly string[]) =>
    calls.filter((call) => / apply /.test(call)).map((call) => call.split(" ")[0]);

  test("a stack that deletes what a later one uses is applied after it", () => {
    const plans = {
      network: { resource_changes: [change("aws_subnet.a", ["delete"])], configuration: CONFIGURED },
      cluster: { resource_changes: [change("aws_eks_cluster.x", ["update"])] },
    };
    const { status, calls, stderr } = run("terraform-apply.sh", repository({ plans }), "network cluster");
    expect([status, stderr]).toEqual([0, ""]);
    expect(applied(calls)).toEqual(["dev-cluster", "dev-network"]);
  });

  const zoneMoves = {
    network: {
      resource_changes: [change("aws_subnet.a", ["delete"]), change("aws_subnet.c", ["create"])],
      configuration: CONFIGURED,
    },
    cluster: { resource_changes: [change("aws_eks_cluster.x", ["update"])] },
  };

  test("what is added comes first, and what is deleted last", () => {
    const parts = { network: { resource_changes: [change("aws_subnet.c", ["create"])] } };
    const { status, calls, stderr } = run(
      "terraform-apply.sh",
      repository({ plans: zoneMoves, parts }),
      "network cluster",
    );
    expect([status, stderr]).toEqual([0, ""]);
    expect(applied(calls)).toEqual(["dev-network", "dev-cluster", "dev-network"]);
    expect(calls.filter((call) => call.startsWith("dev-network plan")).map((call) => call.split(" ")[2])).toEqual([
      expect.stringContaining("-out="), // for the order
      expect.stringContaining("-out="), // all of it, for the policies
      "-target=aws_subnet.c",
      expect.stringContaining("-out="),
    ]);
    // A part is no plan that the policies could judge: the whole is, each time.
    expect(calls.filter((call) => call.startsWith("policy")).length).toBe(3);
  });

  describe("two jobs, the second with the workloads", () => {
    const shrinks = {
      network: { resource_changes: [change("aws_subnet.a", ["delete"])], configuration: CONFIGURED },
      cluster: {
        resource_changes: [change("aws_iam_role.a", ["delete"]), change("aws_eks_addon.b", ["update"])],
        configuration: CONFIGURED,
      },
      workloads: { resource_changes: [change("aws_x.release", ["update"])] },
    };
    const grown = { ...shrinks, cluster: { resource_changes: [change("aws_iam_role.a", ["delete"])] } };
    const parts = { cluster: { resource_changes: [change("aws_eks_addon.b", ["update"])] } };
    const job = (deployed: Deployed, stacks: string, more: Record<string, string> = {}) => {
      const directory = repository(deployed);
      const { calls, status, stderr } = run("terraform-apply.sh", directory, stacks, "kept", {
        ...more,
        GITHUB_OUTPUT: "output",
      });
      expect([status, stderr]).toEqual([0, ""]);
      return { steps: applied(calls), output: readFileSync(join(directory, "output"), "utf8") };
    };

    test("the first leaves to the second what the workloads may still use", () => {
      const { steps, output } = job({ plans: shrinks, parts }, "network cluster", { LATER_STACKS: "workloads" });
      expect([steps, output]).toEqual([["dev-cluster"], "deferred=cluster network\n"]);
    });

    test("the second deletes it after the workloads, in reverse order", () => {
      const { steps, output } = job({ plans: grown }, "cluster network workloads");
      expect([steps, output]).toEqual([["dev-workloads", "dev-cluster", "dev-network"], "deferred=\n"]);
    });

    test.each<[string, Deployed, string[]]>([
      ["nothing changes", {}, []],
      [
        "all only grow",
        { plans: { network: { resource_changes: [change("aws_x.y", ["create"])] } } },
        ["dev-network", "dev-cluster"],
      ],
    ])("nothing is left where %s", (_, deployed, expected) => {
      const { steps, output } = job(deployed, "network cluster", { LATER_STACKS: "workloads" });
      expect([steps, output]).toEqual([expected, "deferred=\n"]);
    });
  });

  test.each([
    ["deletes", change("aws_subnet.b", ["delete"])],
    ["creates otherwise", change("aws_subnet.c", ["create"], { after: { cidr_block: "10.0.0.0/8" } })],
  ])("a part of a plan that %s what the whole does not is not applied", (_, more) => {
    const parts = { network: { resource_changes: [more] } };
    const { status, calls, stderr } = run(
      "terraform-apply.sh",
      repository({ plans: zoneMoves, parts }),
      "network cluster",
    );
    expect([status, applied(calls)]).toEqual([1, []]);
    expect(stderr).toContain(`::error::What would be applied is not what the policies judged: `);
    expect(stderr).toContain(more.address);
  });

  test("the first deployment needs no plan in advance", () => {
    const plans = Object.fromEntries(
      ["network", "cluster"].map((layer) => [layer, { resource_changes: [change("aws_x.y", ["create"])] }]),
    );
    const { status, calls } = run("terraform-apply.sh", repository({ plans, deployed: [] }), "network cluster");
    expect(status).toBe(0);
    expect(applied(calls)).toEqual(["dev-network", "dev-cluster"]);
  });

  test("nothing is applied when nothing changes", () => {
    const { status, calls } = run("terraform-apply.sh", repository({}), "network cluster");
    expect([status, applied(calls)]).toEqual([0, []]);
  });

  test("a plan with a stand-in is not applied", () => {
    const after = { subnet_ids: ["awaits-deployment-of-dev-network-node_subnet_ids-us-east-1c"] };
    const plans = { cluster: { resource_changes: [change("aws_eks_cluster.x", ["update"], { after })] } };
    const { status, calls, stderr } = run("terraform-apply.sh", repository({ plans }), "cluster");
    expect(status).toBe(1);
    expect(applied(calls)).toEqual([]);
    expect(stderr).toContain("dev-network-node_subnet_ids-us-east-1c");
  });
});

describe("terraform-apply.sh and the policies", () => {
  const plans = { network: { resource_changes: [change("aws_x.y", ["create"])] } };

  test("exactly the plan that was judged is applied", () => {
    const directory = repository({ plans });
    expect(run("terraform-apply.sh", directory, "network").status).toBe(0);
    const lines = readFileSync(join(directory, "lines"), "utf8").trim().split("\n");
    const [apply] = lines.filter((line) => / apply /.test(line));
    const file = apply?.split(" ").pop() as string;
    expect(lines.filter((line) => line.includes(`-out=${file}`)).length).toBe(1);
    expect(lines.indexOf(apply as string)).toBeGreaterThan(
      lines.findIndex((line) => line.endsWith(`show -json ${file}`)),
    );
  });

  test("a denied plan is not applied, and no later step is taken", () => {
    const { status, calls } = run("terraform-apply.sh", repository({ plans, verdict: 2 }), "network cluster");
    expect(status).toBe(2);
    expect(calls.some((call) => / apply /.test(call))).toBe(false);
    expect(calls.filter((call) => call.startsWith("policy")).length).toBe(1);
  });

  test("what EKS will refuse stops everything before anything is applied", () => {
    const { status, stderr, calls } = run("terraform-apply.sh", repository({ plans: refused }), "network cluster");
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("::error::EKS will refuse the plan of dev-cluster: "),
    ]);
    expect(calls.some((call) => / apply /.test(call))).toBe(false);
  });

  test.each(["init", "plan", "show", "apply"])("it fails when terraform %s fails", (command) => {
    const { status } = run("terraform-apply.sh", repository({ plans, exits: { [command]: 1 } }), "network");
    expect(status).not.toBe(0);
  });
});

describe("terraform-plan.sh", () => {
  test("a denied plan fails, after every stack was planned", () => {
    const directory = repository({ verdict: 2 });
    const { status, stdout, calls } = run("terraform-plan.sh", directory, "network cluster", "summaries");
    expect(status).toBe(1);
    expect(stdout).toContain("::error::The policies deny the plan of dev-cluster");
    expect(calls.filter((call) => / plan /.test(call)).length).toBe(2);
  });

  test("what EKS will refuse fails, after every stack was planned, and is in the summary", () => {
    const directory = repository({ plans: refused });
    const { status, stderr, calls } = run("terraform-plan.sh", directory, "cluster workloads", "summaries");
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(
        "::error::EKS will refuse the plan of dev-cluster: aws_eks_cluster.x goes from Kubernetes 1.34 to 1.36",
      ),
    ]);
    expect(calls.filter((call) => / plan /.test(call)).length).toBe(2);
    expect(readFileSync(join(directory, "summaries", "dev-cluster.md"), "utf8")).toContain("**EKS will refuse this:**");
  });

  test("takes no lock, which its role could not write, and leaves no plan", () => {
    const directory = repository({});
    run("terraform-plan.sh", directory, "network", "summaries");
    const [plan] = /^.* plan .*$/m.exec(readFileSync(join(directory, "lines"), "utf8")) ?? [];
    expect(plan).toContain("-lock=false");
    expect(existsSync(/-out=(\S+)/.exec(plan as string)?.[1] as string)).toBe(false);
  });

  test.each(["init", "plan", "show", "output"])("fails when terraform %s fails", (command) => {
    const directory = repository({ exits: { [command]: 1 } });
    expect(run("terraform-plan.sh", directory, "cluster", "summaries").status).not.toBe(0);
  });

  test("a stack that waits for another is rehearsed, and the check passes", () => {
    const directory = repository({ deployed: [] });
    const { status, calls } = run("terraform-plan.sh", directory, "network cluster", "summaries");
    expect(status).toBe(0);
    expect(calls.filter((call) => / plan /.test(call)).map((call) => call.split(" ")[0])).toEqual(["dev-network"]);
    expect(calls).toContain("rehearse --offline --from none");
    expect(readFileSync(join(directory, "summaries", "dev-cluster.md"), "utf8")).toContain("Waits for dev-network");
  });

  test("a stack whose dependencies are deployed is planned", () => {
    const { calls } = run("terraform-plan.sh", repository({ deployed: ["network"] }), "cluster", "summaries");
    expect(calls.filter((call) => / plan /.test(call)).length).toBe(1);
    expect(calls).not.toContain("rehearse --offline --from none");
  });

  test("the summary names outputs that change, and stand-ins", () => {
    const directory = repository({
      plans: {
        network: {
          resource_changes: [],
          output_changes: { node_subnet_ids: { actions: ["update"] }, vpc_id: { actions: ["no-op"] } },
        },
        cluster: {
          resource_changes: [
            change("aws_eks_cluster.x", ["update"], { after: { v: "awaits-deployment-of-dev-network-vpc_id" } }),
          ],
        },
      },
    });
    run("terraform-plan.sh", directory, "network cluster", "summaries");
    expect(readFileSync(join(directory, "summaries", "dev-network.md"), "utf8")).toContain(
      "Outputs that change: `node_subnet_ids`.",
    );
    expect(readFileSync(join(directory, "summaries", "dev-cluster.md"), "utf8")).toContain(
      "stand-ins for what is not deployed yet: `dev-network-vpc_id`",
    );
  });
});

test("state that could not be written is kept encrypted, and can be opened", () => {
  const plans = { network: { resource_changes: [change("aws_x.y", ["create"])] } };
  const directory = repository({ plans, exits: { apply: 1 } });
  writeFileSync(join(directory, "cdktf.out/stacks/dev-network/errored.tfstate"), '{"serial":7}');
  const { status, stdout } = run("terraform-apply.sh", directory, "network", "kept");
  expect(status).toBe(1);
  expect(stdout).toContain("::error::The state of dev-network could not be written, and is kept");
  const file = join(directory, "kept", "dev-network.tfstate.encrypted");
  expect(readFileSync(file, "utf8")).not.toContain(Buffer.from('{"serial":7}').toString("base64"));
  const opened = spawnSync(process.execPath, ["scripts/keep-state.mjs", "open", "dev", file], {
    cwd: directory,
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(directory, "bin")}:${process.env.PATH}` },
  });
  expect(opened.stdout).toBe('{"serial":7}');
});

/** What Terraform, and a policy, would print of a value: an attribute of a plan, an id, an error, a crash. */
const LEAKS = ["planned_change", "apply_start", "diagnostic", "outputs"]
  .map((type) => ({
    type,
    change: {},
    hook: {},
    diagnostic: { severity: "error", summary: '"hunter2"', detail: "hunter2" },
  }))
  .map((message) => JSON.stringify({ ...message, "@message": "hunter2", outputs: { x: { value: "hunter2" } } }))
  .concat("panic: hunter2")
  .join("\n");

describe.each([
  ["terraform-plan.sh", ["plan"], 1, "dev-messages.encrypted"],
  ["terraform-drift.sh", ["plan"], 1, "dev-messages.encrypted"],
  ["terraform-apply.sh", ["plan", "apply"], 1, "dev-messages.encrypted"],
] as const)("the log of %s", (script, commands, exit, kept) => {
  const values = { after: { values: ["hunter2"], token: "hunter2" }, before: { token: "hunter2" } };
  const plans = { network: { resource_changes: [change("aws_x.y", ["update"], values)] } };

  test.each(["succeeds", ...commands.map((command) => `fails in ${command}`)])("has no value when it %s", (outcome) => {
    const failing = commands.find((command) => outcome.endsWith(command));
    const directory = repository({
      plans,
      exits: failing === undefined ? {} : { [failing]: exit },
      says: LEAKS,
    });
    const { status, stdout, stderr } = run(script, directory, "network", "kept");
    expect([status === 0, stdout + stderr]).toEqual([failing === undefined, expect.not.stringContaining("hunter2")]);
    expect(existsSync(join(directory, "kept", kept))).toBe(failing !== undefined);
  });

  test("what failed can be read by who may decrypt", () => {
    const directory = repository({ plans, exits: { plan: 1 }, says: LEAKS });
    run(script, directory, "network", "kept");
    const opened = spawnSync(process.execPath, ["scripts/keep-state.mjs", "open", "dev", join("kept", kept)], {
      cwd: directory,
      encoding: "utf8",
      env: { ...process.env, PATH: `${join(directory, "bin")}:${process.env.PATH}` },
    });
    expect(opened.stdout).toBe(`${LEAKS}\n`);
  });
});

test.each(["terraform-plan.sh", "terraform-apply.sh"])("a policy's message is not in the log of %s", (script) => {
  const plans = { network: { resource_changes: [change("aws_x.y", ["create"])] } };
  const violation = { id: "terraform/x", resource: "aws_x.y", msg: "hunter2", path: "", value: "hunter2", limit: null };
  const directory = repository({ plans, verdict: 2, deny: [{ ...violation, fix: "" }] });
  const { stdout, stderr } = run(script, directory, "network", "kept");
  expect(stdout).toContain("deny `terraform/x` `aws_x.y`");
  expect(stdout + stderr).not.toContain("hunter2");
  expect(existsSync(join(directory, "kept", "dev-messages.encrypted"))).toBe(true);
});

describe("terraform-drift.sh", () => {
  test.each([
    ["no difference passes", 0, 0],
    ["a difference is 2", 2, 2],
    ["a failure is 1", 1, 1],
    ["a crash is 1", 11, 1],
  ])("%s", (_title, exit, status) => {
    const directory = repository({ exits: { plan: exit } });
    expect(run("terraform-drift.sh", directory, "network cluster", "summaries").status).toBe(status);
    expect(readdirSync(join(directory, "summaries"))).toEqual(exit === 2 ? ["dev-cluster.md", "dev-network.md"] : []);
  });

  const state = (version: string) => ({ Key: "dev/network.tfstate", ETag: version });
  const lock = (hours: number) => ({
    Key: "dev/network.tfstate.tflock",
    LastModified: new Date(Date.now() - hours * 3_600_000).toISOString(),
  });

  test.each<[string, object[][], number, number, string]>([
    ["is not compared while it is deployed", [[state("1"), lock(1)]], 2, 0, "is being deployed"],
    ["is not compared while it is deployed for the first time", [[lock(1)]], 2, 0, "is being deployed"],
    ["has no drift if a deployment began meanwhile", [[state("1")], [state("1"), lock(0)]], 2, 0, "was deployed while"],
    ["has no drift if a deployment ended meanwhile", [[state("1")], [state("2")]], 2, 0, "was deployed while"],
    ["did not fail if a deployment began meanwhile", [[state("1")], [state("1"), lock(0)]], 1, 0, "was deployed while"],
    ["has drift if nobody was there", [[state("1")], [state("1")]], 2, 2, "### `dev-network`"],
    ["is told of if its lock was left behind", [[state("1"), lock(5)]], 0, 1, "A lock was left behind"],
  ])("a stack %s", (_, looks, plan, status, said) => {
    const result = run("terraform-drift.sh", repository({ looks, exits: { plan } }), "network", "summaries");
    expect([result.status, result.stdout]).toEqual([status, expect.stringContaining(said)]);
  });
});

test.each(["terraform-plan.sh", "terraform-apply.sh", "terraform-drift.sh"])(
  "%s needs to be told the environment",
  (script) => {
    const { status } = spawnSync("bash", [join(ROOT, "templates", "scripts", script), "summaries"], {
      cwd: mkdtempSync(join(tmpdir(), "deployment-scripts-")),
      env: { PATH: process.env.PATH },
    });
    expect(status).not.toBe(0);
  },
);

/** What the summary of a plan says of some changes, in one repository. */
function summaries(): (...changes: object[]) => string {
  const directory = repository({});
  const limits = { de: 1, dev: 1000, "dev-cluster": 1 };
  const environments = Object.entries(limits).map(([name, maxMonthlyUsd]) => ({ name, cost: { maxMonthlyUsd } }));
  mkdirSync(join(directory, "src/platform"), { recursive: true });
  writeFileSync(join(directory, "src/platform/platform.json"), JSON.stringify({ environments }));
  return (...changes) => {
    writeFileSync(join(directory, "plan.json"), JSON.stringify({ resource_changes: changes }));
    const args = ["scripts/plan-summary.mjs", "dev-cluster", "plan.json"];
    return spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8" }).stdout;
  };
}

describe("running work in a summary", () => {
  const summary = summaries();
  const template = (before: object, after: object) =>
    change("aws_launch_template.cpu", ["update"], {
      before: { id: "lt-1", ...before },
      after: { id: "lt-1", ...after },
    });
  const group = (before: object, after: object | null, more: object = {}, actions = ["update"]) => {
    const common = { node_group_name_prefix: "cpu-", version: "1.35", launch_template: [{ id: "lt-1", version: "1" }] };
    return change("aws_eks_node_group.cpu", actions, {
      before: { ...common, ...before },
      after: after === null ? null : { ...common, ...after },
      ...more,
    });
  };
  const release = (before: object, after: object) =>
    change("helm_release.ray", ["update"], {
      before: { name: "ray", values: [JSON.stringify(before)] },
      after: { name: "ray", values: [JSON.stringify(after)] },
    });
  const head = (cpu: string) => ({ rayCluster: { spec: { headGroupSpec: { cpu } } } });

  test.each<[string, object[], string]>([
    ["nodes are rolled by a new version", [group({}, { version: "1.36" })], "Pool cpu is rolled"],
    [
      "nodes are rolled by their template",
      [template({ image: "a" }, { image: "b" }), group({}, {})],
      "Pool cpu is rolled",
    ],
    [
      "nodes are rolled by a tag in their template",
      [template({ tag_specifications: [{ tags: { a: "1" } }] }, { tag_specifications: [] }), group({}, {})],
      "Pool cpu is rolled",
    ],
    [
      "a group is replaced",
      [group({}, {}, { replace_paths: [["subnet_ids"]] }, ["create", "delete"])],
      "Pool cpu is replaced (subnet_ids)",
    ],
    ["a group goes", [group({}, null, {}, ["delete"])], "Pool cpu is removed"],
    ["the head moves", [release(head("1"), head("2"))], "The Ray head restarts"],
    [
      "images are pulled anew",
      [release({ image: { repository: "r/x", tag: "1" } }, { image: { repository: "r/x", tag: "2" } })],
      "Images of release ray are pulled again: 1.",
    ],
    [
      "the control plane is upgraded",
      [change("aws_eks_cluster.x", ["update"], { before: { version: "1.35" }, after: { version: "1.36" } })],
      "The control plane goes from Kubernetes 1.35 to Kubernetes 1.36.",
    ],
    [
      "EKS refuses the upgrade",
      [change("aws_eks_cluster.x", ["update"], { before: { version: "1.34" }, after: { version: "1.36" } })],
      "**EKS will refuse this:**\n\n- aws_eks_cluster.x goes from Kubernetes 1.34 to 1.36, and EKS goes one minor version at a time: set 1.35 first.",
    ],
  ])("%s", (_, changes, sentence) => {
    expect(summary(...changes)).toContain(sentence);
  });

  test.each<[string, object[]]>([
    ["tags of the template", [template({ tags_all: { a: "1" } }, { tags_all: { a: "2" } }), group({}, {})]],
    ["tags of the group", [group({ tags: { a: "1" } }, { tags: { a: "2" } })]],
    ["the size of the group", [group({ scaling_config: [{ max_size: 1 }] }, { scaling_config: [{ max_size: 2 }] })]],
    ["values without images or head", [release({ ...head("1"), a: 1 }, { ...head("1"), a: 2 })]],
    ["a new group", [change("aws_eks_node_group.x", ["create"], { after: { version: "1.35" } })]],
  ])("%s: running work is left alone", (_, changes) => {
    expect(summary(...changes)).not.toContain("Running work");
  });
});

describe("the bill in a summary", () => {
  const summary = summaries();
  const nodes = (types: readonly string[] | null, min: number, max: number, more: object = {}) => ({
    instance_types: types,
    scaling_config: [{ min_size: min, max_size: max, desired_size: min }],
    ...more,
  });
  const group = (before: object | null, after: object | null) =>
    change("aws_eks_node_group.one", ["update"], { before, after });
  // m5.large and m5.xlarge cost 0.096 and 0.192 USD an hour: 70.08 and 140.16 a month.
  const cpu = nodes(["m5.large", "m5.xlarge"], 2, 4);

  test.each<[string, object[], string]>([
    [
      "a new group: idle its cheapest type, full its most expensive",
      [group(null, cpu)],
      "idle from 0 to 140; full from 0 to 561.",
    ],
    [
      "more nodes at most",
      [group(cpu, nodes(["m5.large", "m5.xlarge"], 2, 8))],
      "idle 140, as before; full from 561 to 1,121.",
    ],
    ["larger nodes", [group(cpu, nodes(["m5.xlarge"], 2, 4))], "idle from 140 to 280; full 561, as before."],
    [
      "a group that goes, beside one that stays",
      [group(cpu, null), group(cpu, cpu)],
      "idle from 280 to 140; full from 1,121 to 561.",
    ],
    ["nothing that has a price", [group(cpu, cpu)], "idle 140, as before; full 561, as before."],
    [
      "a type without a price",
      [group(nodes(["m5.large"], 0, 1), nodes(["x9.huge"], 0, 1))],
      "idle 0, as before; full from 70 to without a published price of `x9.huge`.",
    ],
    [
      "a type in the launch template",
      [group(null, nodes(null, 1, 1))],
      "without a published price of a type that is not named here",
    ],
    [
      "a capacity block",
      [group(null, nodes([], 1, 1, { capacity_type: "CAPACITY_BLOCK" })), group(cpu, cpu)],
      "not counted: 1.",
    ],
    [
      "what is billed while it exists",
      [
        change("aws_nat_gateway.a", ["create"], { before: null, after: {} }),
        change("aws_vpc_endpoint.a", ["delete"], { before: { vpc_endpoint_type: "Interface" }, after: null }),
        change("aws_vpc_endpoint.b", ["delete"], { before: { vpc_endpoint_type: "Interface" }, after: null }),
        change("aws_vpc_endpoint.c", ["create"], { before: null, after: { vpc_endpoint_type: "Gateway" } }),
      ],
      "Billed while they exist, without a price here: 1 more NAT gateway, 2 fewer interface endpoints.",
    ],
  ])("%s", (_, changes, sentence) => {
    expect(summary(...changes)).toContain(sentence);
  });

  const LIMIT = "the limit of `dev`, 1,000 USD a month (`cost.maxMonthlyUsd`)";
  const large = nodes(["m5.xlarge"], 0, 8);
  test.each<[string, object[], string]>([
    ["a group above it", [group(null, large)], `**Above ${LIMIT}: full comes to 1,121.**`],
    ["groups above it together", [group(cpu, cpu), group(null, cpu)], `**Above ${LIMIT}: full comes to 1,121.**`],
    [
      "what has a price, above it",
      [group(null, large), group(null, nodes(["x9.huge"], 0, 1))],
      `**Above ${LIMIT}: full comes to 1,121 without what has no published price.**`,
    ],
    [
      "what has no price",
      [group(cpu, cpu), group(null, nodes(["x9.huge"], 0, 1))],
      `It cannot be compared with ${LIMIT}: full comes to 561 without what has no published price.`,
    ],
  ])("is held against the limit of the environment: %s", (_, changes, sentence) => {
    expect(summary(...changes)).toContain(sentence);
  });

  test.each<[string, object[]]>([
    ["a group that goes", [group(large, null), group(cpu, cpu)]],
    ["a group below it", [group(null, cpu)]],
    ["none of a type without a price", [group(null, nodes(["x9.huge"], 0, 0))]],
    ["a capacity block", [group(null, nodes([], 1, 9, { capacity_type: "CAPACITY_BLOCK" })), group(cpu, cpu)]],
  ])("within the limit nothing is said of it: %s", (_, changes) => {
    expect(summary(...changes)).not.toContain("limit");
  });

  test("says of which region and day its prices are", () => {
    const { region, asOf } = JSON.parse(readFileSync(join(ROOT, "data", "instance-prices.json"), "utf8"));
    expect(summary(group(cpu, cpu))).toContain(`on-demand list price in ${region} of ${asOf}:`);
  });

  test("is not told of a stack that has nothing with one", () => {
    expect(summary(change("aws_iam_role.a", ["create"], { before: null, after: {} }))).not.toContain("Cost");
  });

  test("tells no value that is no name of a type", () => {
    expect(summary(group(null, nodes(["`\n## hello"], 1, 1)))).not.toContain("hello");
  });
});
