// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { core } from "../src/core.js";
import { emptyDirectory, run } from "./run-generator.js";

const SHORT = ["name", "awsRegion", "githubOwner", "environmentNames", "accelerator", "further", "review"];
/** What has no default, in the first item of each list. */
const REQUIRED = {
  "environments[0].name": "dev",
  "pools[0].name": "extra",
  "pools[0].instanceTypes": "m5.2xlarge",
  "workerGroups[0].name": "more",
  "workerGroups[0].pool": "cpu",
  "egress[0].cidr": "10.0.0.0/8",
  "relax[0].rule": "job-timeout",
  "relax[0].reason": "the runner ends the job",
  "exceptions[0].id": "CKV_AWS_158",
  "exceptions[0].reason": "accepted by the security team",
  "exceptions[0].expires": "2030-01-31",
  "inlineSuppressions[0].path": "modules/vendored",
  "inlineSuppressions[0].reason": "accepted by the security team",
  "inlineSuppressions[0].expires": "2030-01-31",
  "buckets[0].name": "acme-training-data",
  "secrets[0].name": "acme/api-key",
  "registries[0].registry": "444455556666.dkr.ecr.us-east-1.amazonaws.com",
  "policies[0].actions": "dynamodb:GetItem",
  "policies[0].resources": "arn:aws:dynamodb:us-east-1:111122223333:table/jobs",
};
/** Ids that scanners print. */
const IDS = {
  tfsec: "aws-vpc-no-public-ingress-sgr",
  trivy: "AVD-AWS-0104",
  gitleaks: "generic-api-key",
  licenseHeader: "*",
  workflowAudit: "artipacked",
  dependencyCheck: "GHSA-aaaa-bbbb-cccc",
};
/** Leaves a terminal as Ctrl-C does. */
const leave = () => {
  throw Object.assign(new Error("User force closed the prompt"), { name: "ExitPromptError" });
};

test("Enter at every question gives a repository with all defaults", async (context) => {
  const directory = emptyDirectory(context);
  const { code, names } = await run(directory, ["--no-post", "--no-git"], { answer: () => undefined });
  assert.equal(code, 0);
  assert.deepEqual(names, SHORT);
  assert.match(
    readFileSync(join(directory, ".projenrc.ts"), "utf8"),
    /new RayPlatformProject\(\{\n {2}name: "ml-platform",\n\}\)/,
  );
  assert.ok(readdirSync(directory).includes("helm"));
});

test("short answers reach .projenrc.ts, enums as enums and defaults not at all", async (context) => {
  const directory = emptyDirectory(context);
  const answers = {
    name: "gpu",
    awsRegion: "eu-west-1",
    githubOwner: "acme",
    environmentNames: "dev, prod",
    accelerator: "g5",
  };
  const { out } = await run(directory, ["--dry-run"], { answer: (name) => answers[/** @type {"name"} */ (name)] });
  assert.match(
    out,
    /import \{ Accelerator, RayPlatformProject \}[\s\S]* {2}name: "gpu",\n {2}githubOwner: "acme",\n {2}environmentNames: \["dev", "prod"\],\n {2}awsRegion: "eu-west-1",\n {2}accelerator: Accelerator.G5,\n\n {2}policyLimits: \{[^}]*gpuInstanceTypes: [^}]*"g5.2xlarge", *\s*"g5.4xlarge",?\s*\]/,
  );
});

test("what is given is not asked", async (context) => {
  const directory = emptyDirectory(context);
  writeFileSync(join(directory, "..", "answers.yml"), "awsRegion: eu-west-1\nnetwork:\n  vpcCidr: 10.20.0.0/16\n");
  const { names } = await run(directory, ["--dry-run", "--name", "gpu"], { answer: () => undefined });
  assert.deepEqual(names, SHORT.slice(1));
  const other = emptyDirectory(context);
  const result = await run(other, ["--dry-run", "--answers", join(directory, "..", "answers.yml")]);
  assert.equal(result.code, 0, result.err);
  assert.match(result.out, /network: \{ vpcCidr: "10.20.0.0\/16" \}/);
});

test("every option can be reached by a question, and every question answered with its default", async (context) => {
  const directory = emptyDirectory(context);
  const { code, asked, err } = await run(directory, ["--dry-run"], {
    answer: (name, question) => {
      if (question.type === "checkbox") {
        return question.choices
          .map((/** @type {any} */ { value }) => value)
          .filter((/** @type {string} */ value) => value !== "environmentNames");
      }
      if (question.type === "confirm") {
        return /\[0\]$/.test(name);
      }
      const [, owner] = /^workflows\.(licenseHeader|workflowAudit)\.exceptions\[0\]\.path$/.exec(name) ?? [];
      if (owner !== undefined) {
        return owner === "licenseHeader" ? "src/generated.ts" : ".github/workflows/build.yml";
      }
      const [, gate] = /workflows\.(\w+)\.exceptions\[0\]\.id$/.exec(name) ?? [];
      if (gate in IDS) {
        return IDS[/** @type {keyof IDS} */ (gate)];
      }
      const [, field] = /([a-zA-Z]+\[0\]\.[a-zA-Z]+)$/.exec(name) ?? [];
      return REQUIRED[/** @type {keyof REQUIRED} */ (field)];
    },
  });
  const missing = leaves(core.platformOptions(), "").filter(
    (path) => !asked.some(({ name }) => name.replace(/\[\d+\]/g, "[]") === path),
  );
  assert.deepEqual(
    missing.filter((path) => path !== "outdir"),
    [],
  );
  assert.equal(code, 0, err);
});

test("an answer is refused in the words of the options' own check, and asked again", async (context) => {
  const directory = emptyDirectory(context);
  let tries = 0;
  const { code, out, err, asked } = await run(directory, ["--dry-run"], {
    answer: (name) => (name === "awsRegion" ? ["eu-wset-1", "eu-west-1"][tries++] : undefined),
  });
  assert.equal(code, 0);
  const { rule } = core.judgeOptions({ name: "x", awsRegion: "eu-wset-1" }).issues[0];
  assert.ok(err.includes(rule), err);
  assert.match(out, /awsRegion: "eu-west-1"/);
  // The terminal shows the same while the answer is still there to correct.
  const [question] = asked.filter(({ name }) => name === "awsRegion");
  assert.ok(question.validate("eu-wset-1").includes(rule));
});

test("answers that contradict each other only together are asked again", async (context) => {
  const directory = emptyDirectory(context);
  let round = 0;
  const { code, names } = await run(directory, ["--dry-run", "--github-owner", "acme"], {
    answer: (name) =>
      name === "further" || name === "fix"
        ? ["githubOwnerId"]
        : name === "githubOwnerId"
          ? ["123", ""][round++]
          : undefined,
  });
  assert.equal(code, 0);
  assert.ok(names.includes("fix"));
});

for (const [index, name] of SHORT.entries()) {
  test(`leaving at the question ${name} leaves nothing behind`, async (context) => {
    const directory = emptyDirectory(context);
    let count = 0;
    const { code, err } = await run(directory, ["--no-post"], {
      answer: () => (count++ === index ? leave() : undefined),
    });
    assert.equal(code, 130);
    assert.match(err, /nothing was written/);
    assert.deepEqual(readdirSync(directory), []);
  });
}

test("directory, git remote and AWS configuration are proposed with their source", async (context) => {
  const directory = emptyDirectory(context, "GPU_Platform");
  execFileSync("git", ["init", "-q", "-b", "trunk"], { cwd: directory });
  execFileSync("git", ["remote", "add", "origin", "git@github.com:acme/ray-infra.git"], { cwd: directory });
  mkdirSync(join(directory, "..", "aws"));
  const AWS_CONFIG_FILE = join(directory, "..", "aws", "config");
  writeFileSync(
    AWS_CONFIG_FILE,
    "[default]\nregion = us-east-2\n[profile ml]\nregion = eu-west-1\nsso_account_id = 111122223333\n",
  );
  const { asked, out, err } = await run(directory, ["--dry-run", "--yes"], {
    env: { AWS_CONFIG_FILE, AWS_PROFILE: "ml" },
  });
  assert.deepEqual(asked, []);
  assert.match(err, /awsRegion: "eu-west-1" \(from config of AWS, profile ml\)/);
  assert.match(
    out,
    /name: "gpu-platform",\n {2}githubOwner: "acme",\n {2}githubRepository: "ray-infra",\n {2}defaultBranch: "trunk",\n {2}awsRegion: "eu-west-1",\n {2}awsAccountId: "111122223333",/,
  );
});

test("a dry run shows the file and writes nothing", async (context) => {
  const directory = emptyDirectory(context);
  const { code, out } = await run(directory, ["--dry-run", "--accelerator", "none"]);
  assert.equal(code, 0);
  assert.match(out, /accelerator: Accelerator.NONE/);
  assert.match(out, /^helm\/ray\/Chart.yaml$/m);
  assert.deepEqual(readdirSync(directory), []);
});

test("wrong flags, wrong values, a full directory and no terminal are errors without a stack trace", async (context) => {
  const directory = emptyDirectory(context);
  const typo = await run(directory, ["--aws-regoin", "eu-west-1"]);
  assert.equal(typo.code, 1);
  assert.match(typo.err, /did you mean --aws-region\?/);
  const value = await run(directory, ["--yes", "--aws-region", "mars-1", "--cpu-pool.max-size", "many"]);
  assert.equal(value.code, 1);
  assert.match(value.err, /awsRegion = "mars-1"/);
  assert.match(value.err, /cpuPool.maxSize = "many"/);
  assert.match((await run(directory, [])).err, /not a terminal/);
  assert.deepEqual(readdirSync(directory), []);
  writeFileSync(join(directory, "main.tf"), "");
  assert.match((await run(directory, ["--yes"])).err, /is not empty \(main.tf\)/);
});

test("the review fits a narrow terminal", async (context) => {
  const { err } = await run(emptyDirectory(context), ["--dry-run"], { columns: 40 });
  // A single word may be longer than any line.
  assert.deepEqual(
    err.split("\n").filter((line) => line.length > 40 && line.trim().split(" ").length > 2),
    [],
  );
  assert.match(err, /Idle[\s\S]*Full[\s\S]*Still to set up/);
});

test("the review says which nodes may be taken away", async (context) => {
  const { err } = await run(emptyDirectory(context), ["--dry-run"], { columns: 400 });
  assert.match(err, / \d+ x [\w. ]+ spot \(gpu\)/);
  assert.match(err, / \d+ x [\w. ]+(?<! spot) \(gpu-on-demand\)/);
});

/** Paths of all values, with [] for items. @param {readonly any[]} options @param {string} prefix @returns {string[]} */
function leaves(options, prefix) {
  return options.flatMap(({ name, type }) => {
    const path = prefix + name;
    if (type.kind === "struct") {
      return leaves(type.options, `${path}.`);
    }
    return type.kind === "list" && type.element.kind === "struct" ? leaves(type.element.options, `${path}[].`) : [path];
  });
}
