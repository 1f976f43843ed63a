// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Document } from "yaml";
import { readYaml } from "../bounded-yaml";
import { isObject } from "../json-object";
import type { IssueList } from "../options/option-issues";

/** Serve refuses a configuration without a list of applications, each of which it can import under a name and a route of its own. */
export function checkServeConfig(text: string, path: string, issues: IssueList): void {
  const { documents, problem } = readYaml(text);
  const [document] = documents;
  if (problem !== undefined || documents.length > 1) {
    issues.add(path, text, "must be YAML", problem ?? `it has ${documents.length} documents; keep one`);
    return;
  }
  const applications = document === undefined ? undefined : applicationsOf(document);
  if (!Array.isArray(applications)) {
    issues.add(
      path,
      text,
      "must have a list of applications",
      "write applications: [{ name: app, import_path: app:deployment }]",
    );
    return;
  }
  applications.forEach((application: unknown, index) => {
    if (!isObject(application) || typeof application.import_path !== "string") {
      issues.add(
        `${path}: applications[${index}].import_path`,
        isObject(application) ? (application.import_path ?? null) : application,
        "each application names what Serve imports",
        "write MODULE:VARIABLE",
      );
    }
  });
  for (const [key, fallback] of [
    ["name", "default"],
    ["route_prefix", "/"],
  ] as const) {
    const values = applications.filter(isObject).map((application) => application[key] ?? fallback);
    const again = values.findIndex((value, index) => values.indexOf(value) !== index);
    if (again >= 0) {
      issues.add(
        `${path}: applications[${again}].${key}`,
        values[again],
        `each application has a ${key} of its own`,
        `choose another ${key}; without one it is ${fallback}`,
      );
    }
  }
}

/** @returns undefined where there is no such list, or where aliases would unfold to more than anybody means */
function applicationsOf(document: Document): unknown {
  try {
    const content: unknown = document.toJS();
    return isObject(content) ? content.applications : undefined;
  } catch {
    return undefined;
  }
}
