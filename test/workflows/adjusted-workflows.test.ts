// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { JsonPatch } from "projen/lib/json-patch";
import { parse } from "yaml";
import { RayPlatformProject } from "../../src/ray-platform-project";
import { renderProject } from "../../src/sync/run/render-project";
import { readPinTable } from "../../src/workflow-rules/pin-table";
import { temporaryDirectory } from "../sync/mini-project";

const BUILD = ".github/workflows/build.yml";

/** A workflow after a project adjusted it. */
function adjusted(adjust: (file: NonNullable<ReturnType<RayPlatformProject["tryFindObjectFile"]>>) => void): string {
  const project = new RayPlatformProject({ name: "platform", outdir: temporaryDirectory() });
  const file = project.tryFindObjectFile(BUILD);
  if (file === undefined) {
    throw new Error(`${BUILD} is no object file`);
  }
  adjust(file);
  return String(renderProject(project).files.get(BUILD)?.content);
}

const untouched = adjusted(() => {});

test("an override changes its value alone: every other line stays, comments included", () => {
  const text = adjusted((file) => file.addOverride("jobs.build.timeout-minutes", 45));
  expect(text).toBe(untouched.replace("timeout-minutes: 30", "timeout-minutes: 45"));
});

test("a deletion takes its lines alone", () => {
  const text = adjusted((file) => file.addDeletionOverride("on.push"));
  expect(text).toBe(untouched.replace("  push:\n    branches: [main]\n", ""));
});

test("a step that is removed leaves the others their comments", () => {
  const index = parse(untouched).jobs.build.steps.findIndex(({ name }: { name: string }) => /OPA/.test(name));
  const text = adjusted((file) => file.patch(JsonPatch.remove(`/jobs/build/steps/${index}`)));
  expect(text).not.toContain("setup-opa");
  const comments = (of: string) => of.match(/ # v\d\S+/g) ?? [];
  expect(comments(text)).toHaveLength(comments(untouched).length - 1);
});

test("a step that is added by a known commit gets its version beside it", () => {
  const { sha, version } = readPinTable().actions["actions/setup-node"];
  const step = {
    name: "Set up another Node.js",
    uses: `actions/setup-node@${sha}`,
    with: { "node-version": "24", "package-manager-cache": false },
  };
  const text = adjusted((file) => file.patch(JsonPatch.add("/jobs/build/steps/-", step)));
  const named = (of: string) =>
    of.split("\n").filter((line) => line.includes(`actions/setup-node@${sha} # ${version}`));
  expect(named(text)).toHaveLength(named(untouched).length + 1);
});

test.each([
  ["a permission without a reason", "jobs.build.permissions.issues", "write", "permissions-reason"],
  ["an unpinned action", "jobs.build.steps", [{ name: "A", uses: "actions/checkout@v4" }], "pin-"],
  ["a job without a time limit", "jobs.build.timeout-minutes", undefined, "job-timeout"],
])("%s is refused as in a workflow of the user's", (_, path, value, rule) => {
  expect(() => adjusted((file) => file.addOverride(path, value))).toThrow(rule);
});
