// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// What was checked when the package was built is not checked again, unless it or what it calls is another than then.
import type { ObjectFile } from "projen/lib/object-file";
import { prepareWorkflows } from "../../src/components/prepared-workflows";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { resolveWorkflowSettings } from "../../src/config/workflow-settings";
import { filesOfWorkflow } from "../../src/gates/workflow-record";
import { IssueList } from "../../src/options/option-issues";
import { checkAutomation } from "../../src/workflow-rules/check-automation";
import { readPinTable } from "../../src/workflow-rules/pin-table";
import { environment, facts, project } from "./generated-workflows";

const mockTable: Record<string, unknown> = {};
jest.mock("../../src/components/prepared-workflows.json", () => mockTable, { virtual: true });

jest.mock("../../src/workflow-rules/check-automation", () => {
  const actual = jest.requireActual("../../src/workflow-rules/check-automation");
  return { checkAutomation: jest.fn(actual.checkAutomation) };
});

const CALLED = ".github/workflows/terraform-plan-environment.yml";
const check = checkAutomation as jest.MockedFunction<typeof checkAutomation>;

/** Names of the workflows that a synthesis checks. @param adjust changes a workflow before */
function checkedOf(path?: string, adjust?: (file: ObjectFile) => void, environments = [environment("prod")]): string[] {
  const { project: made } = project({}, { environments });
  if (path !== undefined) {
    adjust?.(made.tryFindObjectFile(path) as ObjectFile);
  }
  check.mockClear();
  process.env.PROJEN_DISABLE_POST = "true";
  made.synth();
  return check.mock.calls.map(([file]) => /([^/]+)\.yml$/.exec(file)?.[1] ?? file).sort();
}

beforeAll(() => {
  const settings = resolveWorkflowSettings({}, facts(), new IssueList());
  Object.assign(mockTable, prepareWorkflows({ settings, facts: facts(), pins: readPinTable() }));
});

test("nothing is checked again where nothing is different", () => {
  expect(checkedOf()).toEqual([]);
});

test("of other environments what calls for them is", () => {
  const callers = WORKFLOWS.filter(({ called }) => called !== undefined).map(({ id }) => id);
  expect(checkedOf(undefined, undefined, [environment("dev"), environment("prod")])).toEqual(callers.sort());
});

test("of a workflow that is adjusted, itself and what calls it are", () => {
  expect(checkedOf(CALLED, (file) => file.addOverride("jobs.plan.timeout-minutes", 31))).toEqual(
    filesOfWorkflow(WORKFLOWS.find(({ id }) => id === "terraform-plan") ?? { id: "" }),
  );
  expect(checkedOf(".github/workflows/terraform-plan.yml", (file) => file.addOverride("env", { A: "b" }))).toEqual([
    "terraform-plan",
  ]);
});

test("so what an adjusted workflow does on its caller's event is refused", () => {
  const step = { name: "Say it", env: { COMMIT: "${{ github.event.merge_group.head_sha }}" }, run: 'echo "$COMMIT"' };
  expect(() => checkedOf(CALLED, (file) => file.addToArray("jobs.plan.steps", step))).toThrow("step-event");
});
