// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import childProcess from "node:child_process";
import { configs } from "./configs";
import { resources, synthesize } from "./synthesize";

const STARTING = ["exec", "execFile", "execFileSync", "execSync", "fork", "spawn", "spawnSync"] as const;

afterEach(() => jest.restoreAllMocks());

const CONFIGS = ["default", "no GitHub", "monitoring, backup, job, Redis, NodeConfig"];

test.each(CONFIGS)("no program is started while stacks are synthesized: %s", (name) => {
  const started = STARTING.map((way) =>
    jest.spyOn(childProcess, way).mockImplementation((): never => {
      throw new Error("a program was started");
    }),
  );
  const { stacks } = synthesize(configs[name]!());
  expect(started.map((way) => way.mock.calls)).toEqual(STARTING.map(() => []));
  expect(Object.keys(stacks).length).toBeGreaterThan(0);
});

test("what the identity of a role is kept in is replaced with it", () => {
  const { stacks } = synthesize(configs.default!());
  const kept = Object.values(stacks).flatMap((stack) => resources(stack, "terraform_data"));
  expect(kept.length).toBeGreaterThan(0);
  for (const { input } of kept) {
    expect(input).toEqual({ id: expect.stringMatching(/^\$\{data\.aws_iam_role\..+\.unique_id\}$/) });
  }
});
