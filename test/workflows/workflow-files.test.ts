// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { GATES } from "../../src/gates";
import { filesOfWorkflow } from "../../src/gates/workflow-record";
import { checkWorkflow, formatViolation } from "../../src/workflow-rules/check-workflow";
import { readPinTable, repositoryOfAction, WORKFLOWS_DIRECTORY } from "../../src/workflow-rules/pin-table";
import { steps } from "../../src/workflow-rules/rule";
import { parseWorkflow } from "../../src/workflow-rules/workflow-view";
import { lintWorkflows } from "./actionlint";

const pins = readPinTable();
const IDS = WORKFLOWS.flatMap(filesOfWorkflow);
const read = (name: string): string => readFileSync(join(WORKFLOWS_DIRECTORY, `${name}.yml`), "utf8");
const view = (name: string) => parseWorkflow(`${name}.yml`, read(name));

describe("the workflow files as they lie", () => {
  test("are the ones that have a record", () => {
    const files = readdirSync(WORKFLOWS_DIRECTORY).filter((name) => name.endsWith(".yml"));
    expect(files.sort()).toEqual(IDS.map((name) => `${name}.yml`).sort());
  });

  test("pass actionlint", () => {
    expect(lintWorkflows(Object.fromEntries(IDS.map((name) => [`${name}.yml`, read(name)])), ["private-eks"])).toEqual(
      [],
    );
  });

  test.each(IDS)("%s.yml breaks no rule", (name) => {
    const { required = false, requiredJobs } = WORKFLOWS.find(({ id }) => id === name) ?? {};
    const workflowAt = (path: string) => view(basename(path, ".yml"));
    expect(
      checkWorkflow(`${name}.yml`, read(name), { pins, required, requiredJobs, workflowAt }).map(formatViolation),
    ).toEqual([]);
  });

  test.each(IDS)("%s.yml comes out of the YAML library as it went in, comments and all", (name) => {
    expect(parseDocument(read(name)).toString({ lineWidth: 0, flowCollectionPadding: false })).toBe(read(name));
  });

  test.each(IDS)("%s.yml names no secret but the App's", (name) => {
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
    const used = IDS.flatMap((name) =>
      [...steps(view(name))].map(({ step }) => repositoryOfAction(step.uses?.split("@")[0] ?? "")),
    );
    expect(Object.keys(pins.actions).filter((name) => !used.includes(name))).toEqual(["step-security/harden-runner"]);
  });

  test("holds no program that nothing installs", () => {
    const files = IDS.map((name) => read(name)).join("\n");
    const unused = Object.entries(pins.tools).filter(
      // What an action sets up in the files is there by its version.
      ([, { version, sha256, image, archive }]) =>
        !files.includes(image ?? (archive === undefined ? sha256 : undefined) ?? version),
    );
    expect(unused.map(([name]) => name)).toEqual([]);
  });

  test.each(GATES.map((gate) => [gate.id, gate.pins] as const))(
    "the workflow %s runs what its record pins",
    (id, names) => {
      const missing = names.filter((name) => {
        const { version, sha256, image } = pins.tools[name] ?? {};
        return !read(id).includes(String(image ?? sha256 ?? version));
      });
      expect(missing).toEqual([]);
    },
  );
});
