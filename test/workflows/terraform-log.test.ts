// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(__dirname, "..", "..", "templates", "scripts", "terraform-log.mjs");
/** A value, as a plan, a provider or Helm could have it. */
const SECRET = "hunter2-s3cr3t";
const RESOURCE = { addr: 'aws_x.y["a"]', resource_type: "aws_x", resource_name: "y" };

/** What the script prints of lines, and what it keeps. */
function logged(...lines: readonly (string | object)[]) {
  const file = join(mkdtempSync(join(tmpdir(), "terraform-log-")), "messages");
  const input = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, file], { input, encoding: "utf8" });
  return { status, stdout, stderr, input, file };
}

/** Messages as `terraform plan -json` and `terraform apply -json` print them, each with a value wherever there can be one. */
const MESSAGES: readonly (readonly [string, object, string])[] = [
  [
    "what is planned",
    {
      type: "planned_change",
      "@message": `aws_x.y: ${SECRET}`,
      change: { resource: { ...RESOURCE, resource_key: SECRET }, action: "update", reason: SECRET },
    },
    'update aws_x.y["a"]\n',
  ],
  ["what is read", { type: "planned_change", change: { resource: RESOURCE, action: "read" } }, ""],
  [
    "what somebody else changed",
    { type: "resource_drift", change: { resource: RESOURCE, action: "update", before: SECRET } },
    'changed outside of Terraform: update aws_x.y["a"]\n',
  ],
  [
    "how much",
    { type: "change_summary", changes: { add: 1, change: 2, import: 0, remove: 3, operation: "plan" } },
    "plan: 1 to add, 2 to change, 3 to remove\n",
  ],
  ["outputs", { type: "outputs", outputs: { token: { value: SECRET, sensitive: false } } }, ""],
  [
    "an object that is read",
    { type: "refresh_start", hook: { resource: RESOURCE, id_key: "id", id_value: SECRET } },
    "",
  ],
  [
    "an action that begins",
    { type: "apply_start", hook: { resource: RESOURCE, action: "update", id_key: "id", id_value: SECRET } },
    'update aws_x.y["a"] ...\n',
  ],
  [
    "an action that goes on",
    { type: "apply_progress", hook: { resource: RESOURCE, action: "update", elapsed_seconds: 10 } },
    "",
  ],
  [
    "an action that goes on for a minute",
    { type: "apply_progress", hook: { resource: RESOURCE, action: "update", elapsed_seconds: 60 } },
    'update aws_x.y["a"] ... 60 s\n',
  ],
  [
    "an action that ends",
    {
      type: "apply_complete",
      hook: { resource: RESOURCE, action: "create", id_key: "id", id_value: SECRET, elapsed_seconds: 7 },
    },
    'create aws_x.y["a"]: done after 7 s\n',
  ],
  [
    "an action that fails",
    { type: "apply_errored", hook: { resource: RESOURCE, action: "create", elapsed_seconds: 7 } },
    'create aws_x.y["a"]: failed after 7 s\n',
  ],
  ["what a provisioner prints", { type: "provision_progress", hook: { resource: RESOURCE, output: SECRET } }, ""],
  [
    "an error of AWS",
    {
      type: "diagnostic",
      diagnostic: {
        severity: "error",
        address: "aws_eks_cluster.x",
        summary: `creating EKS Cluster (${SECRET}): operation error EKS: CreateCluster, https response error StatusCode: 403, AccessDeniedException: not with ${SECRET}`,
        detail: "",
        snippet: { code: SECRET, values: [{ traversal: "var.x", statement: `is "${SECRET}"` }] },
      },
    },
    "::error::aws_eks_cluster.x: creating EKS Cluster; StatusCode: 403; AccessDeniedException\n",
  ],
  [
    "an error of Terraform",
    {
      type: "diagnostic",
      diagnostic: {
        severity: "error",
        summary: "Resource postcondition failed",
        detail: `The value ${SECRET} is bad.`,
        range: { filename: "cdk.tf.json", start: { line: 5 } },
      },
    },
    "::error::cdk.tf.json:5: Resource postcondition failed\n",
  ],
  [
    "an error that begins with the value",
    {
      type: "diagnostic",
      diagnostic: { severity: "error", summary: `"${SECRET}" is not allowed`, address: "aws_x.y" },
    },
    "::error::aws_x.y: nothing can be shown without a value\n",
  ],
  [
    "an error with the value among its words",
    { type: "diagnostic", diagnostic: { severity: "warning", summary: `token ${SECRET} has expired`, detail: SECRET } },
    "warning: token\n",
  ],
  ...(
    [
      ["a passphrase", "invalid password hunter-horse-battery is too short", "invalid password"],
      ["a word", "hunter is not a size", "nothing can be shown without a value"],
      ["a word in Helm's error", "execution error at (ray/templates/pods.yaml:3:4): hunter", "execution error at"],
      ["a value of a chart", "values don't meet the specifications of hunter", "values don't meet the"],
      ["a name between words", "release hunter failed, and has been uninstalled", "release"],
      ["a number in letters", "Invalid value hunter2", "Invalid value"],
      ["no value", "Kubernetes cluster unreachable: Get https", "Kubernetes cluster unreachable"],
      ["what the provider calls a service", "waiting for EKS Node Group (hunter) create", "waiting for EKS Node Group"],
      ["a lock", "Error acquiring the state lock", "Error acquiring the state lock"],
    ] as const
  ).map(
    ([title, summary, printed]) =>
      [
        `an error with ${title}`,
        { type: "diagnostic", diagnostic: { severity: "error", address: "aws_x.y", summary, detail: "of hunter" } },
        `::error::aws_x.y: ${printed}\n`,
      ] as const,
  ),
  [
    "an address with commands of the runner",
    {
      type: "planned_change",
      change: { resource: { addr: 'aws_x.y["\n::add-mask::x"]' }, action: "create" },
    },
    'create aws_x.y[" ::add-mask::x"]\n',
  ],
];

test.each(MESSAGES)("%s", (_, message, printed) => {
  const { status, stdout } = logged(message);
  expect([status, stdout]).toEqual([0, printed]);
  expect(stdout).not.toContain("hunter");
});

test.each<[string, string]>([
  ["a crash", `panic: ${SECRET}\ngoroutine 1`],
  ["no object", `"${SECRET}"`],
  ["an unknown type", `{"type":"${SECRET}","@message":"${SECRET}"}`],
  ["a name of every object's", '{"type":"constructor"}'],
  ["an empty line", ""],
])("of %s nothing is printed", (_, line) => {
  expect(logged(line)).toMatchObject({ status: 0, stdout: "", stderr: "" });
});

test("everything is kept, in a file that its owner alone reads", () => {
  const { file, input } = logged(...MESSAGES.map(([, message]) => message), "panic: x");
  expect(readFileSync(file, "utf8")).toBe(input);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a message without the parts that it should have is counted, and what follows is read", () => {
  const { status, stdout } = logged({ type: "planned_change", change: SECRET }, MESSAGES[0]?.[1] as object);
  expect([status, stdout]).toEqual([
    0,
    'update aws_x.y["a"]\n::warning::1 of Terraform\'s messages could not be read.\n',
  ]);
});
