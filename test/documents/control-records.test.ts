// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pipelineFacts } from "../../src/components/documents/ci-view";
import { FACT_NAMES } from "../../src/controls/control-facts";
import { controlRecords, frameworks, LAYERS } from "../../src/controls/control-record";
import { controlIn } from "../../src/controls/control-state";
import { GATES } from "../../src/gates";
import { optionAt } from "../../src/options/option-paths";
import { PACKAGE_ROOT } from "../../src/package-root";
import { synthesize } from "../templates/synthesize";
import { EVIDENCE, evidenceOf } from "./control-evidence";
import { configOf, documentsOf, OPTION_SETS } from "./option-sets";

const records = controlRecords();
const rules = ruleIds(join(PACKAGE_ROOT, "policies"));

describe.each(records.map((record) => [record.id, record] as const))("the record of %s", (id, record) => {
  test("has a sentence, and says what tries it and what that proves", () => {
    expect([record.sentence, record.proves, record.tested].filter((text) => text.trim() === "")).toEqual([]);
    expect(["synth", "policies", "workflows"]).toContain(record.tested);
    expect(record.implemented).not.toEqual([]);
    expect(LAYERS[record.layer - 1]).toBeDefined();
  });

  test("has a rule, or evidence of its own", () => {
    const hasEvidence = id in EVIDENCE || record.tested !== "synth";
    expect({ id, proven: record.rules.length > 0 || hasEvidence }).toEqual({ id, proven: true });
  });

  test("names rules, options, facts and numbers that exist", () => {
    expect(record.rules.filter((rule) => !rules.has(rule))).toEqual([]);
    expect(record.options.filter((option) => optionAt(option) === undefined)).toEqual([]);
    expect((record.variants ?? []).filter(({ when }) => !FACT_NAMES.includes(when))).toEqual([]);
    const unknown = Object.entries(record.mappings).flatMap(([framework, numbers]) =>
      numbers.filter((number) => !frameworks().some((one) => one.id === framework && one.numbers.includes(number))),
    );
    expect(unknown).toEqual([]);
  });
});

test("every number of a framework is of use to some control, and every framework says where it is published", () => {
  for (const { id, numbers, source } of frameworks()) {
    expect(source).not.toBe("");
    expect(numbers.filter((number) => !records.some(({ mappings }) => mappings[id]?.includes(number)))).toEqual([]);
  }
});

test("there are sixteen option sets, and together they show every variant", () => {
  expect(Object.keys(OPTION_SETS).length).toBeGreaterThanOrEqual(16);
  const shown = new Set(
    Object.values(OPTION_SETS).flatMap((set) =>
      configOf(set).environments.flatMap((environment) =>
        records.map((record) => controlIn(record, environment, pipelineFacts(set.workflows)).sentence),
      ),
    ),
  );
  const variants = records.flatMap(({ variants = [] }) => variants.map(({ sentence }) => sentence));
  expect(variants.filter((sentence) => !shown.has(sentence))).toEqual([]);
});

describe.each(Object.entries(OPTION_SETS))("with %s", (_, set) => {
  const config = configOf(set);
  const pipeline = pipelineFacts(set.workflows);
  const synthesis = synthesize(config);
  const security =
    documentsOf(set)
      .find(({ path }) => path === "docs/security-architecture.md")
      ?.content.split("\n") ?? [];

  test("the state of every control is that of the synthesized output", () => {
    const stated = config.environments.flatMap((environment) =>
      records
        .filter(({ id }) => id in EVIDENCE)
        .map((record) => `${environment.name} ${record.id}: ${controlIn(record, environment, pipeline).state}`),
    );
    const shown = config.environments.flatMap(({ name }) =>
      records
        .filter(({ id }) => id in EVIDENCE)
        .map(({ id }) => `${name} ${id}: ${EVIDENCE[id](evidenceOf(synthesis, name))}`),
    );
    expect(stated).toEqual(shown);
  });

  test("the register says each control's sentence for each environment", () => {
    const missing = records.flatMap((record) => {
      const row = security.find((line) => line.startsWith(`| ${record.id} | `)) ?? "";
      return config.environments
        .map((environment) => controlIn(record, environment, pipeline).sentence)
        .filter((sentence) => !row.includes(sentence))
        .map((sentence) => `${record.id}: ${sentence}`);
    });
    expect(missing).toEqual([]);
  });

  test("the mapping counts no control that is in force nowhere", () => {
    const start = security.indexOf("## Compliance Mapping");
    const mapping = security.slice(start, security.indexOf("## Register of controls")).join("\n");
    const nowhere = records.filter((record) =>
      config.environments.every((environment) =>
        ["absent", "delegated"].includes(controlIn(record, environment, pipeline).state),
      ),
    );
    expect(nowhere.filter(({ id }) => new RegExp(`\\b${id}\\b`).test(mapping)).map(({ id }) => id)).toEqual([]);
  });

  test.each(GATES.flatMap(({ controls }) => controls))("%s is in force if each gate of it runs", (control) => {
    const settings = set.workflows;
    const gates = GATES.filter(({ controls }) => controls.includes(control));
    const running = gates.filter(
      ({ id, codeSecurity }) =>
        settings?.enabled === true && settings.files[id].enabled && (codeSecurity !== true || settings.codeSecurity),
    );
    const record = records.find(({ id }) => id === control)!;
    const { state } = controlIn(record, config.environments[0], pipeline);
    expect(state === "held").toBe(running.length === gates.length);
  });
});

/** Ids that the METADATA of shipped rules has. */
function ruleIds(directory: string): Set<string> {
  return new Set(
    readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".rego"))
      .flatMap((path) => [...readFileSync(join(directory, path), "utf8").matchAll(/^#\s+id: (\S+)$/gm)])
      .map(([, id]) => id),
  );
}
