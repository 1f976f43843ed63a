// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Document, isCollection, parseDocument } from "yaml";
import { PACKAGE_ROOT } from "../package-root";
import type { ScannerException } from "../options/workflow-options";

const HEADER = "# Copyright the ray-platform authors\n# SPDX-License-Identifier: Apache-2.0\n";

/** The text that the configuration file at a path begins as: its template, or the license header alone. */
export function configurationTemplate(path: string): string {
  const template = join(PACKAGE_ROOT, "templates", "scanners", basename(path));
  return existsSync(template) ? readFileSync(template, "utf8") : HEADER;
}

/** The same, as a YAML document. */
export function configurationDocument(path: string): Document {
  return parseDocument(configurationTemplate(path));
}

/** The document's text. */
export function renderDocument(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Why and until when an exception holds, as a comment beside it. */
export function exceptionComment({ reason, expires }: ScannerException): string {
  return ` ${reason} (until ${expires})`;
}

/** Adds exceptions to a list of a document, with the reason beside each. */
export function addReasoned(
  document: Document,
  key: readonly string[],
  exceptions: readonly ScannerException[],
  value: (exception: ScannerException) => string,
): void {
  for (const exception of exceptions) {
    const scalar = document.createNode(value(exception));
    scalar.comment = exceptionComment(exception);
    const list = document.getIn(key);
    // An empty list stands on one line, where a comment would end it.
    if (!isCollection(list) || list.items.length === 0) {
      document.setIn(key, document.createNode([]));
    }
    document.addIn(key, scalar);
  }
}

/** A TOML literal string: nothing in it is special; a single quote cannot stand in it. */
export function tomlString(value: string): string {
  return value.includes("'") ? JSON.stringify(value) : `'${value}'`;
}
