// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { workflowsDocument } from "../../projenrc/workflows-doc";
import { GATE_WORKFLOWS } from "../../src/components/gate-workflows";
import { packageData } from "../../src/config/package-data";
import { REQUIRED_WORKFLOWS, WORKFLOWS } from "../../src/config/workflow-list";
import { resolveWorkflowSettings } from "../../src/config/workflow-settings";
import { GATES } from "../../src/gates";
import type { GateRecord } from "../../src/gates/gate-record";
import { IssueList } from "../../src/options/option-issues";
import { PACKAGE_ROOT } from "../../src/package-root";
import { readPinTable, WORKFLOWS_DIRECTORY } from "../../src/workflow-rules/pin-table";
import { declaredOption, typeOf } from "../options/assembly";
import { facts, project } from "../workflows/generated-workflows";

const DIRECTORY = join(PACKAGE_ROOT, "src", "gates");
const directories = readdirSync(DIRECTORY, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const controls = packageData<{ controls: { id: string }[] }>("controls").controls.map(({ id }) => id);

const exception = (more: object) => ({
  id: "ID-1",
  reason: "accepted for the tests",
  expires: "2099-01-31",
  ...more,
});

/** Name of the struct that a gate's options are. */
function structOf(option: string): string {
  const { property } = declaredOption("WorkflowOptions", option);
  return property?.type.fqn?.replace("ray-platform.", "") ?? "";
}

const takes = (gate: GateRecord, field: string) => declaredOption(structOf(gate.option), field).property !== undefined;

describe("the list of gates", () => {
  test("has every directory of src/gates", () => {
    expect(GATES.map(({ id }) => id).sort()).toEqual(directories.sort());
  });

  test("names every workflow.ts that there is", () => {
    expect(Object.keys(GATE_WORKFLOWS).sort()).toEqual(
      directories.filter((name) => existsSync(join(DIRECTORY, name, "workflow.ts"))).sort(),
    );
  });

  test("carries out every control on gates of the security document", () => {
    const carriedOut = GATES.flatMap((gate) => gate.controls);
    expect(carriedOut.filter((id) => !controls.includes(id))).toEqual([]);
    expect(controls.filter((id) => id.startsWith("CI-") && !carriedOut.includes(id))).toEqual([]);
  });

  test("names every pinned tool but Terraform, and none that is not pinned", () => {
    const names = GATES.flatMap(({ pins }) => pins);
    expect(names.sort()).toEqual(
      Object.keys(readPinTable().tools)
        .filter((name) => name !== "terraform")
        .sort(),
    );
  });

  test("has the scanners that write exceptions beside resources", () => {
    const loader = readFileSync(join(PACKAGE_ROOT, "templates/src/platform/load-scanner-exceptions.ts"), "utf8");
    const union = /scanner: (.*);/.exec(loader)?.[1];
    const scanners = GATES.filter(({ exceptions }) => exceptions?.resources).map(({ id }) => `"${id}"`);
    expect(union?.split(" | ").sort()).toEqual(scanners.sort());
  });

  test("makes the tables of docs/workflows.md: run `npx tsx projenrc/workflows-doc.ts` after a change", () => {
    expect(readFileSync(join(PACKAGE_ROOT, "docs/workflows.md"), "utf8")).toBe(workflowsDocument());
  });

  test("says what to do about each check that a branch waits for, with options and tasks that there are", () => {
    for (const { id, required, remedy } of WORKFLOWS) {
      expect([id, remedy !== undefined]).toEqual([id, required]);
      for (const [, gate, field] of (remedy ?? "").matchAll(/`workflows\.(\w+)(?:\.(\w+))?`/g)) {
        const { property } = declaredOption("WorkflowOptions", gate as string);
        expect([id, gate, property === undefined]).toEqual([id, gate, false]);
        if (field !== undefined) {
          expect([id, field, takes({ option: gate } as GateRecord, field)]).toEqual([id, field, true]);
        }
      }
    }
  });

  test("makes a list of required checks that leaves none out", () => {
    expect(REQUIRED_WORKFLOWS.map(({ id }) => id).sort()).toEqual(
      WORKFLOWS.filter(({ required }) => required)
        .map(({ id }) => id)
        .sort(),
    );
  });
});

describe.each(GATES.map((gate) => [gate.id, gate] as const))("the record of %s", (_id, gate) => {
  test("agrees with the struct of its options", () => {
    expect(typeOf(structOf(gate.option))?.kind).toBe("interface");
    expect({
      enabled: takes(gate, "enabled"),
      exceptions: takes(gate, "exceptions"),
      minimumSeverity: takes(gate, "minimumSeverity"),
    }).toEqual({
      enabled: true,
      exceptions: gate.exceptions !== undefined,
      minimumSeverity: gate.severity !== undefined,
    });
  });

  test("has a default for each option that no other gate has", () => {
    const common = ["enabled", "schedule", "exceptions", "minimumSeverity"];
    const own = typeOf(structOf(gate.option)).properties?.map(({ name }) => name) ?? [];
    const expected = own.filter((name) => !common.includes(name));
    expect(Object.keys(gate.defaults).sort()).toEqual(expected.sort());
  });

  test("has nothing left to be written", () => {
    const workflow = readFileSync(join(WORKFLOWS_DIRECTORY, `${gate.id}.yml`), "utf8");
    expect(`${JSON.stringify(gate)}${workflow}`).not.toMatch(/<to be written>|OWNER/);
  });

  test("names the configuration that it writes", () => {
    const options = { exceptions: gate.exceptions?.examples.map((example) => exception(example)) };
    const { project: made } = project({ [gate.option]: options });
    const paths = made.files.map(({ path }) => path);
    expect(gate.configuration.map(({ path }) => path).filter((path) => !paths.includes(path))).toEqual([]);
  });
});

const excepting = GATES.flatMap(({ option, exceptions }) =>
  exceptions === undefined ? [] : [[option, exceptions] as const],
);

describe.each(excepting)("workflows.%s.exceptions", (option, { scope, resources }) => {
  test.each([
    ["a finding", {}, ["finding", "finding-or-path", "finding-else-path"].includes(scope)],
    ["a finding below a path", { path: "docs" }, scope === "finding-or-path"],
    ["all below a path", { id: "*", path: "docs" }, !["finding", "finding-of-workflow"].includes(scope)],
    [
      "a finding in a workflow",
      { path: ".github/workflows/x.yml" },
      ["finding-or-path", "finding-of-workflow"].includes(scope),
    ],
    ["a finding of a resource", { resource: "state/bucket" }, resources],
    ["everything", { id: "*" }, false],
  ])("for %s are taken exactly where the record says so", (_title, form, taken) => {
    const issues = new IssueList();
    resolveWorkflowSettings({ [option]: { exceptions: [exception(form)] } }, facts(), issues);
    expect(issues.issues.length === 0).toBe(taken);
  });
});
