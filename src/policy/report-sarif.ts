// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { PACKAGE_VERSION } from "../package-version";
import type { Judgement } from "./judgement";
import type { Rule } from "./rule-list";
import type { Violation } from "./violation";

/** A report for code scanning, in SARIF 2.1.0. */
export function sarifReport(judgements: readonly Judgement[], rules: readonly Rule[]): string {
  const results = judgements.flatMap(({ file, deny, warn }) => [
    ...deny.map((violation) => result(file, violation, "error")),
    ...warn.map((violation) => result(file, violation, "warning")),
  ]);
  const known = new Map(rules.map((rule) => [rule.id, described(rule)]));
  const others = results
    .filter(({ ruleId }) => !known.has(ruleId))
    .map(({ ruleId }) => [ruleId, { id: ruleId }] as const);
  const driver = {
    name: "ray-platform policy",
    semanticVersion: PACKAGE_VERSION,
    rules: [...known.values(), ...new Map(others).values()],
  };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function described({ id, title, description, row, severity, fix }: Rule) {
  return {
    id,
    name: title,
    shortDescription: { text: title },
    fullDescription: { text: description },
    help: { text: `${fix}\nSecurity document: ${row}` },
    defaultConfiguration: { level: severity },
  };
}

function result(file: string, { id, msg, resource, path, fix }: Violation, level: "error" | "warning") {
  return {
    ruleId: id,
    level,
    message: { text: fix === "" ? msg : `${msg}. ${fix}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: file.replaceAll("\\", "/") } },
        logicalLocations: [{ fullyQualifiedName: [resource, path].filter((part) => part !== "").join(".") }],
      },
    ],
  };
}
