// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commit, REPOSITORIES, write } from "./repositories.js";
import { contents, emptyDirectory, run } from "./run-generator.js";

const ADOPT = ["adopt", "--yes", "--no-post"];
const text = (/** @type {string} */ directory, /** @type {string} */ path) =>
  readFileSync(join(directory, path), "utf8");
const make = (/** @type {import("node:test").TestContext} */ context, /** @type {keyof typeof REPOSITORIES} */ kind) =>
  REPOSITORIES[kind](emptyDirectory(context));

for (const [kind, build] of Object.entries(REPOSITORIES)) {
  test(`${kind}: no byte is lost, a second generation changes nothing, and undo restores every byte`, async (context) => {
    const directory = await build(emptyDirectory(context));
    const before = contents(directory);
    const adopted = await run(directory, [...ADOPT, "--conflicts", "recommended", "--json"]);
    assert.equal(adopted.code, 0, adopted.err);
    const report = JSON.parse(adopted.out);
    const after = contents(directory);
    for (const [path, content] of before) {
      if (after.get(path) !== content && !report.removed.includes(path)) {
        assert.ok(isKept(directory, path, content, after), `${path} is lost`);
      }
    }
    assert.equal((await run(directory, ["adopt", "--dry-run", "--json"])).code, 1, "is generated now");
    const undone = await run(directory, ["adopt", "--undo"]);
    assert.equal(undone.code, 0, undone.err);
    assert.deepEqual(contents(directory), before);
    assert.equal(execFileSync("git", ["status", "--porcelain"], { cwd: directory, encoding: "utf8" }), "");
  });
}

/** In a block's surroundings, a patch of what was replaced, a renamed projenrc, or git. */
function isKept(
  /** @type {string} */ directory,
  /** @type {string} */ path,
  /** @type {string} */ content,
  /** @type {Map<string, string>} */ after,
) {
  const bytes = Buffer.from(content.split(" ")[1], "base64");
  const now = after.get(path);
  return (
    (now !== undefined && Buffer.from(now.split(" ")[1], "base64").toString().includes(bytes.toString().trimEnd())) ||
    existsSync(join(directory, ".ray-platform", "rejected", `${path}.1.patch`)) ||
    existsSync(join(directory, `${path}.bak`)) ||
    execFileSync("git", ["show", `HEAD:./${path}`], { cwd: directory }).equals(bytes)
  );
}

const HEADERS = ".github/scanners/license-headers.json";

test("package.json keeps name, version, dependencies, scripts and further fields; the platform's pins win", async (context) => {
  const directory = await make(context, "a plain Node project");
  const { code, err } = await run(directory, ADOPT);
  assert.equal(code, 0, err);
  const manifest = JSON.parse(text(directory, "package.json"));
  assert.equal(manifest.name, "@acme/infra");
  assert.equal(manifest.version, "1.4.2");
  assert.equal(manifest.dependencies.express, "^4.19.0");
  assert.equal(manifest.devDependencies.local, "file:./packages/local");
  assert.equal(manifest.scripts.start, "node server.js");
  assert.equal(manifest.scripts.test, "node --test");
  assert.equal(manifest.scripts["build.prod"], "node build.js");
  assert.equal(manifest.scripts.synth, "projen synth");
  assert.deepEqual(manifest.jest, { roots: ["a"] });
  assert.match(err, /typescript 5.0.0 becomes \d/);
  assert.match(text(directory, ".gitignore"), /\nnode_modules\n\.env\n$/);
});

test("tasks of another projen project stay tasks", async (context) => {
  const directory = await make(context, "another projen project");
  await run(directory, ADOPT);
  const { tasks } = JSON.parse(text(directory, ".projen/tasks.json"));
  assert.equal(tasks.deploy.steps[0].exec, "./deploy.sh --to $TARGET");
  assert.equal(JSON.parse(text(directory, "package.json")).devDependencies.jest, "^29.0.0");
  assert.ok(existsSync(join(directory, ".projenrc.js.bak")));
});

test("Terraform and Ray manifests give values, each with its source; what is given wins", async (context) => {
  const terraform = await make(context, "Terraform with terraform-aws-modules/eks");
  const { err, out } = await run(terraform, ["adopt", "--dry-run", "--kubernetes-version", "1.35"]);
  assert.match(err, /awsRegion: "eu-west-1" \(main.tf, provider aws\)/);
  assert.match(out, /environments: \[\{ name: "prod", clusterName: "ml-prod" \}\]/);
  assert.match(out, /vpcCidr: "10.40.0.0\/16"/);
  assert.match(out, /gpuPool: \{ instanceTypes: \["g5.2xlarge"\], maxSize: 3 \}/);
  assert.match(out, /gpuInstanceTypes: [^}]*"g5.4xlarge"/);
  assert.match(out, /cpuPool: \{ instanceTypes: \["m5.2xlarge"\], maxSize: 6 \}/);
  assert.doesNotMatch(out, /kubernetesVersion: "1.34"/);
  assert.match(out, /tags: \{ team: "ml" \}/);
  const helm = await make(context, "Helm only");
  const ray = await run(helm, ["adopt", "--dry-run", "--conflicts", "take"]);
  assert.match(ray.out, /name: "trainers", pool: "gpu"|name: "small"/);
});

test("a state's cluster is imported rather than made again, and cannot be replaced", async (context) => {
  const directory = await make(context, "Terraform with terraform-aws-modules/eks");
  const file = join(directory, "..", "state.json");
  writeFileSync(file, JSON.stringify(STATE));
  const { code, err, out } = await run(directory, [...ADOPT, "--state", file]);
  assert.equal(code, 0, err);
  const extensions = text(directory, "src/extensions.ts");
  assert.match(extensions, /environment\.cluster\.name === "ml-prod"/);
  for (const statement of [
    'controlPlane.cluster.importFrom("ml-prod")',
    'addons.get("vpc-cni")?.importFrom("ml-prod:vpc-cni")',
    'controlPlane.logGroup.importFrom("/aws/eks/ml-prod/cluster")',
    'oidcProvider.provider.importFrom("arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A")',
  ]) {
    assert.ok(extensions.includes(`cluster.${statement};`), statement);
  }
  assert.match(extensions, /"lifecycle.prevent_destroy", true/);
  const projenrc = text(directory, ".projenrc.ts");
  assert.match(projenrc, /vpcId: "vpc-0123456789abcdef0"/);
  assert.match(projenrc, /githubOidcProviderArn:\s+"arn:aws:iam::111122223333:oidc-provider\/token/);
  for (const [, address] of [...`${err}${out}`.matchAll(/^Note: (\S+) cannot be imported/gm)].entries()) {
    LEFT.delete(address[1]);
  }
  assert.deepEqual([...LEFT], [], "said to be left");
});

test("workflows that do the same job are recognized, and those that do more stay", async (context) => {
  const directory = await make(context, "a repository shaped like the security document's");
  const { out } = await run(directory, [...ADOPT, "--conflicts", "recommended", "--replace-workflows", "--json"]);
  const report = JSON.parse(out);
  assert.deepEqual(report.removed, [".github/workflows/scans.yml"]);
  assert.ok(report.taken.includes(".github/workflows/tfsec.yml"));
  assert.ok(
    report.notes.some((/** @type {string} */ note) =>
      note.startsWith(".github/workflows/mixed.yml does the job of gitleaks.yml and others"),
    ),
  );
  assert.deepEqual(report.kept, ["docs/security-architecture.md"]);
});

test("conflicts are decided by flags without a terminal, and one by one on one", async (context) => {
  const directory = await make(context, "files of our names");
  const refused = await run(directory, ADOPT);
  assert.equal(refused.code, 4);
  assert.match(refused.err, /LICENSE {2}\(recommended: keep\)[\s\S]*--conflicts take\|keep\|merge/);
  assert.ok(!existsSync(join(directory, ".projenrc.ts")));
  const actions = { LICENSE: "k", "tsconfig.json": "a" };
  const { code, names } = await run(directory, ["adopt", "--no-post"], {
    answer: (name, question) => {
      const [, path = ""] = /Overwrite (.*)\?/.exec(question.message) ?? [];
      return name === "action"
        ? question.choices.find(
            (/** @type {any} */ { key }) => key === (actions[/** @type {"LICENSE"} */ (path)] ?? "t"),
          ).value
        : undefined;
    },
  });
  assert.equal(code, 0);
  assert.ok(names.includes("action"));
  assert.equal(text(directory, "LICENSE"), "Ours\n");
  assert.match(text(directory, ".projenrc.ts"), /release: \[[^\]]*"LICENSE"/);
  assert.equal(text(directory, "src/extensions.ts.bak"), "// mine\n");
  assert.match(text(directory, "src/extensions.ts"), /export function extend\(/);
});

test("a merge has both sides; where they overlap it is marked, reported and left to the user", async (context) => {
  const directory = await make(context, "files of our names");
  const { code, out } = await run(directory, [...ADOPT, "--conflicts", "take", "--merge", "LICENSE", "--json"]);
  assert.equal(code, 4);
  assert.deepEqual(JSON.parse(out).conflicts, ["LICENSE"]);
  assert.match(text(directory, "LICENSE"), /^<{7}[\s\S]*Ours[\s\S]*Apache License/m);
});

test("leaving at any question of an adoption leaves nothing behind", async (context) => {
  const directory = await make(context, "files of our names");
  const before = contents(directory);
  const { names } = await run(directory, ["adopt", "--dry-run"], {
    answer: (_name, question) => question.choices?.find((/** @type {any} */ { key }) => key === "t")?.value,
  });
  for (const index of names.keys()) {
    let count = 0;
    const { code } = await run(directory, ["adopt", "--no-post"], {
      answer: (_name, question) => {
        if (count++ === index) {
          throw Object.assign(new Error("left"), { name: "ExitPromptError" });
        }
        return question.choices?.find((/** @type {any} */ { key }) => key === "t")?.value;
      },
    });
    assert.equal(code, 130);
    assert.deepEqual(contents(directory), before);
  }
});

test("a dirty tree, no repository and a generated one are refused", async (context) => {
  const directory = emptyDirectory(context);
  assert.match((await run(directory, ADOPT)).err, /not in a git repository/);
  write(directory, { "a.txt": "a" });
  commit(directory);
  write(directory, { "a.txt": "b" });
  const { code, err } = await run(directory, ADOPT);
  assert.equal(code, 1);
  assert.match(err, /commit or stash first[\s\S]*a.txt/);
});

test("an edit made since is not undone without --force", async (context) => {
  const directory = await make(context, "a plain Node project");
  await run(directory, ADOPT);
  writeFileSync(join(directory, "src", "extensions.ts"), "// mine\n");
  const refused = await run(directory, ["adopt", "--undo"]);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /src\/extensions.ts/);
  assert.equal((await run(directory, ["adopt", "--undo", "--force"])).code, 0);
  assert.ok(!existsSync(join(directory, "src")));
});

/** @param {string} address @param {Record<string, any>} values */
function managed(address, values) {
  return { address, mode: "managed", type: address.split(".")[0], values };
}

/** Resources of the state that have another identity in the platform. */
const LEFT = new Set(["aws_eks_node_group.gpu", "aws_eks_addon.other", "aws_cloudwatch_log_group.other"]);

const STATE = {
  format_version: "1.0",
  values: {
    root_module: {
      resources: [
        {
          address: "aws_vpc.main",
          mode: "managed",
          type: "aws_vpc",
          values: { id: "vpc-0123456789abcdef0", cidr_block: "10.40.0.0/16" },
        },
        {
          address: "aws_subnet.a",
          mode: "managed",
          type: "aws_subnet",
          values: { id: "subnet-0123456789abcdef0", availability_zone: "eu-west-1a" },
        },
        {
          address: "aws_subnet.b",
          mode: "managed",
          type: "aws_subnet",
          values: { id: "subnet-0123456789abcdef1", availability_zone: "eu-west-1b" },
        },
      ],
      child_modules: [
        {
          resources: [
            {
              address: "module.eks.aws_eks_cluster.this[0]",
              mode: "managed",
              type: "aws_eks_cluster",
              values: {
                name: "ml-prod",
                version: "1.34",
                identity: [{ oidc: [{ issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/A" }] }],
                arn: "arn:aws:eks:eu-west-1:111122223333:cluster/ml-prod",
                vpc_config: [
                  {
                    vpc_id: "vpc-0123456789abcdef0",
                    subnet_ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
                  },
                ],
              },
            },
            { address: "aws_eks_node_group.gpu", mode: "managed", type: "aws_eks_node_group", values: {} },
            managed("aws_eks_addon.cni", { cluster_name: "ml-prod", addon_name: "vpc-cni" }),
            managed("aws_eks_addon.other", { cluster_name: "another", addon_name: "vpc-cni" }),
            managed("aws_cloudwatch_log_group.eks", { name: "/aws/eks/ml-prod/cluster" }),
            managed("aws_cloudwatch_log_group.other", { name: "/acme/app" }),
            managed("aws_iam_openid_connect_provider.irsa", {
              arn: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A",
              url: "oidc.eks.eu-west-1.amazonaws.com/id/A",
            }),
            managed("aws_iam_openid_connect_provider.github", {
              arn: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
              url: "https://token.actions.githubusercontent.com",
            }),
          ],
        },
      ],
    },
  },
};

test("what was there without a license header is excepted for a time, and only that", async (context) => {
  const directory = await make(context, "a plain Node project");
  write(directory, { "app/lib/a.js": "1;\n", "src/own.ts": "export {};\n", "src/deep/b.ts": "export {};\n" });
  commit(directory);
  const { code, err } = await run(directory, ADOPT);
  assert.equal(code, 0, err);
  const { exclude } = JSON.parse(text(directory, HEADERS));
  assert.deepEqual(
    exclude.map((/** @type {{ path: string }} */ { path }) => path),
    ["app", "server.js", "src/deep", "src/own.ts"],
  );
  const days = (Date.parse(exclude[0].expires) - Date.now()) / 86_400_000;
  assert.ok(days > 88 && days <= 90, exclude[0].expires);
  execFileSync(process.execPath, ["scripts/license-headers.mjs", "--config", HEADERS], {
    cwd: directory,
  });
});

test("undo leaves neither a build's outputs nor packages that were not there", async (context) => {
  const directory = await make(context, "Helm only");
  const before = contents(directory);
  await run(directory, [...ADOPT, "--conflicts", "recommended"]);
  write(directory, {
    "build/src/main.js": "1;\n",
    "cdktf.out/manifest.json": "{}\n",
    "node_modules/x/index.js": "1;\n",
  });
  const { code, err } = await run(directory, ["adopt", "--undo"]);
  assert.equal(code, 0, err);
  assert.deepEqual(contents(directory), before);
  assert.ok(!existsSync(join(directory, "node_modules")));
});

test("undo keeps a state that Terraform wrote since, and says so", async (context) => {
  const directory = await make(context, "Helm only");
  await run(directory, [...ADOPT, "--conflicts", "recommended"]);
  write(directory, { "terraform.prod-bootstrap.tfstate": "{}\n" });
  const { code, err } = await run(directory, ["adopt", "--undo"]);
  assert.equal(code, 1);
  assert.match(err, /terraform\.prod-bootstrap\.tfstate/);
});
