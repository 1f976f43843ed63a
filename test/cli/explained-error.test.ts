// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { inspect } from "node:util";
import { Script } from "node:vm";
import { CommandError, explainError } from "../../src/cli/command-error";
import { WorkflowViolations } from "../../src/components/workflow-check";
import { RewriteError } from "../../src/migrations/projenrc-source";
import { OptionsError } from "../../src/options/option-issues";
import { LockError } from "../../src/sync/store/lock-file";
import { UnsafePathError } from "../../src/sync/files/project-path";

const ISSUE = { path: "name", value: "A", rule: "is lower case", fix: "write a" };

test.each([
  new OptionsError([ISSUE]),
  new WorkflowViolations([]),
  new UnsafePathError("../x", "it leaves the project"),
  new LockError("it is empty"),
  new RewriteError("type heading"),
  new CommandError("there is no .projenrc.ts"),
])("$name is its message, without a stack, even where projen runs us in a virtual machine", (error) => {
  const script = new Script("fail()", { filename: "projen-new.js" });
  const fail = () => {
    throw error;
  };
  expect(() => script.runInNewContext({ fail })).toThrow(error);
  expect(error.stack).toBe(error.message);
  expect(inspect(error)).toBe(error.message);
  expect(Object.keys(error)).not.toContain("name");
});

test("what the system refuses is a line with the path, and a fault of ours has its stack", () => {
  const message = "EACCES: permission denied, scandir '/closed'";
  const refusal = Object.assign(new Error(message), { code: "EACCES", errno: -13, path: "/closed" });
  expect(explainError(refusal)).toBe(message);
  expect(explainError(new TypeError("x is undefined"))).toMatch(/^TypeError: x is undefined\n +at /);
});
