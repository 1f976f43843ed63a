// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { REQUIRED_WORKFLOWS, WORKFLOW_FILES } from "../../src/config/workflow-settings";
import { checkWorkflow, formatViolation } from "../../src/workflow-rules/check-workflow";
import { readPinTable, repositoryOfAction, WORKFLOWS_DIRECTORY } from "../../src/workflow-rules/pin-table";
import { steps } from "../../src/workflow-rules/rule";
import { parseWorkflow } from "../../src/workflow-rules/workflow-view";
import { lintWorkflows } from "./actionlint";

const pins = readPinTable();
const read = (name: string): string => readFileSync(join(WORKFLOWS_DIRECTORY, `${name}.yml`), "utf8");
const view = (name: string) => parseWorkflow(`${name}.yml`, read(name));

describe("the workflow files as they lie", () => {
  test("are the ones that the options know", () => {
    const files = readdirSync(WORKFLOWS_DIRECTORY).filter((name) => name.endsWith(".yml"));
    expect(files.sort()).toEqual(WORKFLOW_FILES.map((name) => `${name}.yml`).sort());
  });

  test("pass actionlint", () => {
    expect(
      lintWorkflows(Object.fromEntries(WORKFLOW_FILES.map((name) => [`${name}.yml`, read(name)])), ["private-eks"]),
    ).toEqual([]);
  });

  test.each(WORKFLOW_FILES)("%s.yml breaks no rule", (name) => {
    const required = REQUIRED_WORKFLOWS.includes(name);
    expect(checkWorkflow(`${name}.yml`, read(name), { pins, required }).map(formatViolation)).toEqual([]);
  });

  test.each(WORKFLOW_FILES)("%s.yml comes out of the YAML library as it went in, comments and all", (name) => {
    expect(parseDocument(read(name)).toString({ lineWidth: 0, flowCollectionPadding: false })).toBe(read(name));
  });

  test.each(WORKFLOW_FILES)("%s.yml names no secret but the App's", (name) => {
    const secrets = [...read(name).matchAll(/secrets\.(\w+)/g)].map((match) => match[1]);
    expect(secrets.filter((secret) => secret !== "APP_ID" && secret !== "APP_PRIVATE_KEY")).toEqual([]);
  });
});

describe("the table of pins", () => {
  test("holds full commits and exact versions", () => {
    for (const { sha, version } of Object.values(pins.actions)) {
      expect(sha).toMatch(/^[0-9a-f]{40}$/);
      expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
    }
  });

  test("holds no action that nothing uses", () => {
    const used = WORKFLOW_FILES.flatMap((name) =>
      [...steps(view(name))].map(({ step }) => repositoryOfAction(step.uses?.split("@")[0] ?? "")),
    );
    expect(Object.keys(pins.actions).filter((name) => !used.includes(name))).toEqual(["step-security/harden-runner"]);
  });

  test("holds no program that nothing installs", () => {
    const files = WORKFLOW_FILES.map((name) => read(name)).join("\n");
    const unused = Object.entries(pins.tools).filter(
      ([, { version, sha256, image }]) => !files.includes(image ?? sha256 ?? version),
    );
    expect(unused.map(([name]) => name)).toEqual([]);
  });
});
