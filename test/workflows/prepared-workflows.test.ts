// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { type Answer, answersAlike, observed } from "../../src/components/answers";
import { prepareWorkflows, preparedWorkflow } from "../../src/components/prepared-workflows";
import { adjustedWorkflow } from "../../src/components/workflow-adjustments";
import type { GitHubRepository } from "../../src/config/github-repository";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { filesOfWorkflow } from "../../src/gates/workflow-record";
import { resolveWorkflowSettings } from "../../src/config/workflow-settings";
import { IssueList } from "../../src/options/option-issues";
import {
  FindingSeverity,
  HardenRunner,
  PlanComment,
  RepositoryVisibility,
  type WorkflowOptions,
} from "../../src/options/workflow-options";
import { checkAutomation } from "../../src/workflow-rules/check-automation";
import { readPinTable, withActions } from "../../src/workflow-rules/pin-table";
import { parseWorkflow } from "../../src/workflow-rules/workflow-view";
import { environment, facts } from "./generated-workflows";

function context(options: WorkflowOptions = {}, more: Partial<GitHubRepository> = {}) {
  const issues = new IssueList();
  const settings = resolveWorkflowSettings(options, facts(more), issues);
  issues.throwIfAny();
  return { settings, facts: facts(more), pins: withActions(readPinTable(), settings.actionPins) };
}

const table = prepareWorkflows(context());
const ids = Object.keys(table);

/** Options that change workflows, and of which workflow they do, if of one alone. */
const CHANGES: readonly [WorkflowOptions, Partial<GitHubRepository>][] = [
  [{}, { defaultBranch: "trunk" }],
  [{}, { nodeVersion: "24" }],
  [{}, { environments: [environment("dev"), environment("prod")] }],
  [{}, { owner: "other", repository: "other" }],
  [{}, { environments: [environment("prod", { accountId: "111122223333" })] }],
  [{}, { environments: [environment("prod", { githubEnvironment: "guarded" })] }],
  [{}, { environments: [environment("prod", { mirrored: false })] }],
  [{}, { environments: [environment("prod"), environment("dev", { mirrored: false })] }],
  [{}, { environments: [environment("prod", { region: "cn-north-1" })] }],
  [{}, { terraformVersion: "~> 1.11" }],
  [{ privateRunnerLabels: ["self-hosted", "vpc"] }, {}],
  [{ terraformPlan: { comment: PlanComment.NONE } }, {}],
  [{ visibility: RepositoryVisibility.PUBLIC }, {}],
  [{ codeSecurity: true }, {}],
  [{ hardenRunner: HardenRunner.AUDIT }, {}],
  [{ runnerLabels: ["self-hosted", "linux"] }, {}],
  [{ codeSecurity: true, codeScanning: true }, {}],
  [{ trivy: { minimumSeverity: FindingSeverity.HIGH } }, {}],
  [{ upgrade: { schedule: "0 3 * * 1" } }, {}],
  [{ registriesWithoutSignatures: ["npm.example.com"] }, {}],
] as const;

test("are all, with those that they call", () => {
  expect(ids).toEqual(WORKFLOWS.flatMap(filesOfWorkflow));
});

test("what is called for an environment is the same for any, and what calls it is not", () => {
  const changed = context({}, { environments: [environment("dev"), environment("stage"), environment("prod")] });
  const taken = ids.filter((id) => preparedWorkflow(id, changed, table) !== undefined);
  const callers = WORKFLOWS.filter(({ called }) => called !== undefined).map(({ id }) => id);
  expect(ids.filter((id) => !taken.includes(id))).toEqual(callers);
});

test("break no rule, where their check is required and where it is not, or say so", () => {
  const { pins } = context();
  for (const [id, { text, passes }] of Object.entries(table)) {
    for (const required of [true, false]) {
      const called = WORKFLOWS.find((record) => record.id === id)?.called;
      const view = called && parseWorkflow(`.github/workflows/${called}.yml`, table[called]?.text ?? "");
      const workflowAt = view && ((path: string) => (path === view.path ? view : undefined));
      const { requiredJobs } = WORKFLOWS.find((record) => filesOfWorkflow(record).includes(id)) ?? {};
      const props = { pins, required, requiredJobs, workflowAt: workflowAt || undefined };
      const violations = checkAutomation(`.github/workflows/${id}.yml`, text, props);
      expect([id, required, passes[String(required)]]).toEqual([id, required, violations.length === 0]);
    }
    expect([id, passes.false]).toEqual([id, true]);
  }
});

test("are taken where the same would be made, and for no other options", () => {
  const taken = CHANGES.map(([options, more]) => {
    const changed = context(options, more);
    return ids.filter((id) => {
      const text = adjustedWorkflow(id, changed).toString();
      const prepared = preparedWorkflow(id, changed, table);
      expect([id, options, more, prepared?.text ?? text]).toEqual([id, options, more, text]);
      return prepared !== undefined;
    }).length;
  });
  // A version of Node.js and runners are in all of them; names in none.
  expect([taken[1], taken[3]]).toEqual([0, ids.length]);
  expect(Math.min(...taken)).toBe(0);
  expect(taken.every((count) => count <= ids.length)).toBe(true);
});

test("are not taken with actions of the repository's own, nor where the package's files are others", () => {
  const own = { "acme/action": { version: "v1.0.0", sha: "a".repeat(40) } };
  const base = context();
  expect(preparedWorkflow("build", base, table)).toBe(table.build);
  expect(
    preparedWorkflow("build", { ...base, settings: { ...base.settings, actionPins: own } }, table),
  ).toBeUndefined();
  expect(preparedWorkflow("build", base, { build: { ...table.build!, from: "another" } })).toBeUndefined();
  expect(preparedWorkflow("build", base, {})).toBeUndefined();
});

test("what reads the same answers comes to the same result, whatever else is different", () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 3 }, fc.constantFrom(undefined, null, 0, 1, "a", "length"), tie("list"), tie("struct")),
    list: fc.array(tie("any"), { maxLength: 3 }),
    struct: fc.dictionary(fc.constantFrom("a", "b", "0"), tie("any"), { maxKeys: 3, noNullPrototype: true }),
  })).struct as fc.Arbitrary<Record<string, unknown>>;
  const steps = fc.array(fc.constantFrom("a", "b", "0", "length", "keys", "has", "each", "spread"), { maxLength: 6 });
  fc.assert(
    fc.property(value, value, steps, (one, other, way) => {
      const answers: Answer[] = [];
      const result = walk(observed(one, answers), way);
      expect(walk(one, way)).toBe(result);
      expect(answersAlike(one, answers)).toBe(true);
      return !answersAlike(other, answers) || walk(other, way) === result;
    }),
    { numRuns: 2_000 },
  );
});

/** Reads of a value what the steps say. @returns all that it learned */
function walk(start: unknown, way: readonly string[]): string {
  const seen: unknown[] = [];
  let at = start;
  for (const step of way) {
    if (typeof at !== "object" || at === null) {
      seen.push(at);
      at = start;
    }
    const owner = at as Record<string, unknown>;
    switch (step) {
      case "keys":
        seen.push(Object.keys(owner));
        break;
      case "has":
        seen.push("a" in owner);
        break;
      case "each":
        seen.push(Array.isArray(owner) ? owner.map((item) => typeof item) : typeof owner);
        break;
      case "spread":
        seen.push(Object.entries({ ...owner }).map(([key, item]) => [key, typeof item]));
        break;
      default:
        at = owner[step];
    }
  }
  seen.push(typeof at === "object" ? Array.isArray(at) : at);
  return JSON.stringify(seen.map((item) => item ?? String(item)));
}

test("a value that is not data cannot be observed", () => {
  const answers: Answer[] = [];
  expect(() => observed({ ask: () => 1 }, answers).ask).toThrow("ask is not data");
});
