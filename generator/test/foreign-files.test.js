// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { keptManifest } from "../src/adopt/package-manifest.js";
import { keptTasks } from "../src/adopt/projen-tasks.js";
import { extensionsWithImports } from "../src/adopt/imports.js";
import { fromRayManifests } from "../src/adopt/values/ray-manifests.js";
import { fromTerraform } from "../src/adopt/values/terraform.js";
import { fromState, readState } from "../src/adopt/values/terraform-state.js";
import { sameJobs } from "../src/adopt/workflow-jobs.js";
import { readAnswersFile } from "../src/answers-file.js";
import { core } from "../src/core.js";
import { UserError } from "../src/user-error.js";
import { write } from "./repositories.js";
import { emptyDirectory } from "./run-generator.js";

const DEEP = 3000;
const nested = (/** @type {number} */ depth) => "[".repeat(depth) + "]".repeat(depth);
const unfolding = [
  "a: &a [x, x, x, x, x, x, x, x, x]",
  ...[..."bcdefgh"].map((name, index) => `${name}: &${name} [${`*${"abcdefg"[index]}, `.repeat(9)}]`),
].join("\n");

/** Runs within some seconds, and either gives a value or says in a line what is wrong. @param {() => unknown} read */
async function explained(read) {
  const before = process.cpuUsage();
  let said = "";
  try {
    await read();
  } catch (error) {
    assert.ok(
      error instanceof UserError || error instanceof core.ExplainedError,
      `${/** @type {Error} */ (error).stack}`,
    );
    said = error.message;
  }
  assert.match(said, /^.{0,500}$/s);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 5e6);
  return said;
}

const MANIFESTS = [
  ["a number", "1", /not an object/],
  ["a list", "[]", /not an object/],
  ["null", "null", /not an object/],
  ["not JSON", "{", /package\.json is not JSON/],
  ["too deep", `{"a":${nested(DEEP)}}`, /nests more than 500 deep/],
  ["dependencies as a string", '{"dependencies":"abc"}', /"dependencies" is not an object/],
  ["scripts as null", '{"scripts":null}', /"scripts" is not an object/],
];
for (const [what, text, said] of MANIFESTS) {
  test(`a package.json that is ${what} is refused in a line`, async (context) => {
    const root = emptyDirectory(context);
    write(root, { "package.json": String(text) });
    assert.match(await explained(() => keptManifest(root, {})), /** @type {RegExp} */ (said));
  });
}

test("a package.json with foreign keys and a byte order mark is kept as it is", (context) => {
  const root = emptyDirectory(context);
  write(root, { "package.json": '\ufeff{"dependencies":{"constructor":"1.0.0"},"toString":{"a":1}}' });
  const kept = keptManifest(root, { dependencies: {} });
  assert.deepEqual([kept.deps, kept.notes], [["constructor@1.0.0"], []]);
  assert.match(kept.statements.join("\n"), /addOverride\("toString", /);
});

test("a link to what never ends is no file", async (context) => {
  const root = emptyDirectory(context);
  mkdirSync(join(root, ".github/workflows"), { recursive: true });
  mkdirSync(join(root, ".projen"));
  for (const path of ["package.json", ".projen/tasks.json", ".github/workflows/a.yml"]) {
    symlinkSync("/dev/zero", join(root, path));
  }
  mkdirSync(join(root, ".github/workflows/directory.yml"));
  assert.match(await explained(() => keptManifest(root, {})), /package\.json is not a file/);
  assert.match(await explained(() => keptTasks(root, [])), /tasks\.json is not a file/);
  assert.deepEqual(sameJobs(root, []), { same: [], partly: [] });
});

test("tasks that are none are left out", async (context) => {
  const root = emptyDirectory(context);
  write(root, {
    ".projen/tasks.json": '{"tasks":{"a":null,"b":{"steps":[null,{"exec":"x"}]},"c":{"steps":1},"constructor":{}}}',
  });
  const lines = keptTasks(root, []).join("\n");
  assert.match(lines, /addTask\("b".*"x"/s);
  assert.doesNotMatch(lines, /addTask\("a"/);
  for (const text of ["null", "{", '{"tasks":[]}', '{"tasks":1}', nested(DEEP)]) {
    write(root, { ".projen/tasks.json": text });
    await explained(() => keptTasks(root, []));
  }
});

test("manifests and workflows of any shape are read or noted", async (context) => {
  const root = emptyDirectory(context);
  const cluster = (/** @type {string} */ spec) => `kind: RayCluster\nspec: ${spec}\n`;
  write(root, {
    "deep.yaml": cluster(nested(DEEP)),
    "unfolds.yaml": `kind: RayCluster\n${unfolding}\n`,
    "many.yaml": `kind: RayCluster\n${Array.from({ length: 70_000 }, (_, index) => `k${index}: 1`).join("\n")}\n`,
    "twice.yaml": "kind: RayCluster\nkind: RayCluster\n",
    "null.yaml": cluster("null"),
    "groups.yaml": cluster("{ workerGroupSpecs: 1 }"),
    "group.yaml": cluster("{ workerGroupSpecs: [null, { groupName: { toString: 1 }, template: [] }] }"),
    "values.yaml":
      "worker: text\nadditionalWorkerGroups: { a: null, b: { resources: 1, minReplicas: { valueOf: 1 } } }\n",
    ".github/workflows/null.yml": "jobs: null\n",
    ".github/workflows/steps.yml": "jobs: { a: null, b: { steps: [null, { uses: { toString: 1 }, run: [] }] } }\n",
    ".github/workflows/deep.yml": nested(DEEP),
    ".github/workflows/unfolds.yml": unfolding,
  });
  /** @type {ReturnType<typeof fromRayManifests> | undefined} */
  let found;
  assert.equal(
    await explained(() => {
      found = fromRayManifests(root);
    }),
    "",
  );
  assert.deepEqual(
    ["deep", "twice", "unfolds"].filter(
      (name) => !found?.notes.some((note) => note.startsWith(`${name}.yaml is not read`)),
    ),
    [],
  );
  assert.equal(await explained(() => sameJobs(root, [])), "");
});

test("Terraform of any shape is read or noted", async (context) => {
  const root = emptyDirectory(context);
  write(root, {
    "a.tf":
      'module "eks" {\n  source = { toString = 1 }\n}\nprovider "aws" {\n  region = null\n  default_tags {\n    tags = "x"\n  }\n}\n',
    "b.tf":
      'resource "aws_eks_node_group" "a" {\n  instance_types = { a = 1 }\n  scaling_config {\n    min_size = { valueOf = 1 }\n  }\n}\n',
    "c.tf": `locals {\n  a = ${nested(DEEP)}\n}\n`,
    "d.tf": 'locals {\n  a = "${local.a}"\n}\nvariable "constructor" {}\nprovider "aws" {\n  region = local.a\n}\n',
  });
  assert.equal(await explained(() => fromTerraform(root)), "");
});

const STATES = [
  ["a number", "1"],
  ["null", "null"],
  ["too deep", `{"format_version":"1","values":${nested(DEEP)}}`],
  ["without values", '{"format_version":"1"}'],
  [
    "with resources that are none",
    '{"format_version":"1","values":{"root_module":{"resources":[null,1,{}],"child_modules":1}}}',
  ],
  [
    "with values that are none",
    JSON.stringify({
      format_version: "1",
      values: {
        root_module: {
          resources: [
            { mode: "managed", address: "a", type: "aws_eks_cluster" },
            {
              mode: "managed",
              address: "b",
              type: "aws_eks_cluster",
              values: { arn: { toString: 1 }, vpc_config: 1, identity: 1 },
            },
            { mode: "managed", address: "c", type: "constructor", values: null },
            {
              mode: "managed",
              address: "d",
              type: "aws_iam_openid_connect_provider",
              values: { url: { toString: 1 } },
            },
          ],
        },
      },
    }),
  ],
];
for (const [what, text] of STATES) {
  test(`a state that is ${what} is read, or refused in a line`, async (context) => {
    const root = emptyDirectory(context);
    write(root, { "state.json": text });
    await explained(() => {
      const resources = readState(join(root, "state.json"));
      fromState(resources, "state.json");
      extensionsWithImports(resources, "", ["x"]);
    });
  });
}

test("answers that are none are refused in a line", async (context) => {
  const root = emptyDirectory(context);
  for (const text of [nested(DEEP), unfolding, "a: 1\na: 2\n", "[]", "--- {}\n--- {}\n", "\0"]) {
    write(root, { "answers.yml": text });
    await explained(() => readAnswersFile(join(root, "answers.yml")));
  }
  write(root, { "answers.yml": "\ufeffname: a\n" });
  assert.deepEqual(readAnswersFile(join(root, "answers.yml")), { name: "a" });
});
