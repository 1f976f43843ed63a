// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import { PACKAGE_VERSION } from "../package-version";
import { pathReference, portableRelative } from "../portable-path";
import type { Coverage } from "./coverage";
import type { Judgement } from "./judgement";
import type { Rule } from "./rule-list";
import type { Declaration, Violation } from "./violation";

/** The directories that paths are relative to: the current one as they are given, the root as they are reported. */
interface Directories {
  readonly cwd: string;
  readonly root: string;
}

/** A report for code scanning, in SARIF 2.1.0. What was judged stands in the properties of the run. */
export function sarifReport(
  judgements: readonly Judgement[],
  rules: readonly Rule[],
  coverage: Coverage,
  directories: Directories,
): string {
  const results = judgements.flatMap(({ file, deny, warn }) => [
    ...deny.map((violation) => result(file, directories, violation, "error")),
    ...warn.map((violation) => result(file, directories, violation, "warning")),
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
    runs: [{ tool: { driver }, results, properties: { coverage } }],
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

function uriOf(file: string, { cwd, root }: Directories): string {
  const path = file === "<stdin>" ? "stdin" : portableRelative(root, resolve(cwd, file));
  return pathReference(path);
}

// Code scanning shows a result at a line; a plan has one, and tells in words where the resource is declared.
function result(
  file: string,
  directories: Directories,
  { id, msg, resource, path, fix, line, declared }: Violation,
  level: "error" | "warning",
) {
  const isThere = declared?.file === file;
  return {
    ruleId: id,
    level,
    message: { text: fix === "" ? msg : `${msg}. ${fix}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file, directories) },
          region: { startLine: line ?? (isThere ? declared.line : 1) },
        },
        logicalLocations: [{ fullyQualifiedName: [resource, path].filter((part) => part !== "").join(".") }],
      },
    ],
    ...(declared && !isThere && { relatedLocations: [declaration(declared, directories)] }),
  };
}

function declaration({ file, line, construct }: Declaration, directories: Directories) {
  return {
    id: 1,
    message: { text: construct === undefined ? "declared here" : `declared here by ${construct}` },
    physicalLocation: { artifactLocation: { uri: uriOf(file, directories) }, region: { startLine: line } },
  };
}
