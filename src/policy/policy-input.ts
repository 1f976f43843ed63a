// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { ExplainedError } from "../explained-error";
import { isObject, type JsonObject } from "../json-object";

/** One document to judge, and where it comes from. */
export type PolicyInput =
  | { readonly kind: "plan"; readonly file: string; readonly document: JsonObject }
  | { readonly kind: "stack"; readonly file: string; readonly document: JsonObject }
  | { readonly kind: "manifest"; readonly file: string; readonly document: readonly unknown[] };

/** Where `npx projen synth` leaves what is judged when no file is named. */
export const SYNTHESIZED = { stacks: join("cdktf.out", "stacks"), manifests: join("cdktf.out", "manifests") };

const STANDARD_INPUT = "-";
const READABLE = /\.(json|ya?ml)$/;

/**
 * Reads the inputs that were named, or what was synthesized if none was.
 *
 * @param paths files, directories, or `-` for standard input.
 * @param readStandardInput called once if `-` is among the paths.
 * @throws ExplainedError for what cannot be read or is nothing that the policies judge.
 */
export function readInputs(cwd: string, paths: readonly string[], readStandardInput: () => string): PolicyInput[] {
  const files = paths.length === 0 ? synthesizedFiles(cwd) : paths.flatMap((path) => filesOf(cwd, path));
  const inputs = files.flatMap((file) => {
    const text = file === STANDARD_INPUT ? readStandardInput() : read(cwd, file);
    return classify(file === STANDARD_INPUT ? "<stdin>" : file, parse(file, text));
  });
  if (inputs.length === 0) {
    throw new ExplainedError(
      `nothing to judge in ${files.join(", ")}: no Terraform plan, synthesized stack or Ray resource`,
    );
  }
  return inputs;
}

function synthesizedFiles(cwd: string): string[] {
  const files = [
    ...entriesOf(join(cwd, SYNTHESIZED.stacks))
      .map((stack) => join(SYNTHESIZED.stacks, stack, "cdk.tf.json"))
      .filter((file) => existsSync(join(cwd, file))),
    ...entriesOf(join(cwd, SYNTHESIZED.manifests))
      .filter((name) => READABLE.test(name))
      .map((name) => join(SYNTHESIZED.manifests, name)),
  ];
  if (files.length === 0) {
    throw new ExplainedError(
      `${SYNTHESIZED.stacks} holds no synthesized stack: run "npx projen synth" first, or name the files to judge`,
    );
  }
  return files;
}

function entriesOf(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

function filesOf(cwd: string, path: string): string[] {
  if (path === STANDARD_INPUT) {
    return [path];
  }
  const absolute = resolve(cwd, path);
  if (!stat(absolute, path).isDirectory()) {
    return [relative(cwd, absolute)];
  }
  const found = entriesBelow(absolute, path)
    .filter((name) => READABLE.test(name))
    .sort()
    .map((name) => relative(cwd, join(absolute, name)));
  if (found.length === 0) {
    throw new ExplainedError(`${path} holds no .json, .yaml or .yml file`);
  }
  return found;
}

function stat(absolute: string, path: string): Stats {
  const found = readable(path, () => statSync(absolute, { throwIfNoEntry: false }));
  if (found === undefined) {
    throw new ExplainedError(`${path} does not exist`);
  }
  return found;
}

function entriesBelow(absolute: string, path: string): string[] {
  return readable(path, () => readdirSync(absolute, { recursive: true, encoding: "utf8" }));
}

function read(cwd: string, file: string): string {
  return readable(file, () => readFileSync(resolve(cwd, file), "utf8"));
}

function readable<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw new ExplainedError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function parse(file: string, text: string): unknown[] {
  if (/^\s*[{[]/.test(text)) {
    try {
      return [JSON.parse(text)];
    } catch (error) {
      if (file.endsWith(".json")) {
        throw new ExplainedError(`${file} is not JSON: ${(error as Error).message}`);
      }
    }
  }
  return parseYaml(file, text);
}

// YAML 1.1, as Kubernetes reads it: an unquoted `yes` is a boolean, `010` is eight.
function parseYaml(file: string, text: string): unknown[] {
  const { isScalar, parseAllDocuments } = require("yaml") as typeof import("yaml");
  const documents = [...parseAllDocuments(text, { version: "1.1", merge: true })];
  const [error] = documents.flatMap((document) => document.errors);
  if (error !== undefined) {
    throw new ExplainedError(`${file} is not YAML: ${error.message}`);
  }
  // Nothing between two separators, or comments alone, is no document; a null that is written is.
  const isEmpty = (contents: unknown) =>
    contents === null || (isScalar(contents) && contents.value === null && (contents.source ?? "") === "");
  return documents.filter(({ contents }) => !isEmpty(contents)).map((document) => document.toJS() as unknown);
}

function classify(file: string, documents: readonly unknown[]): PolicyInput[] {
  const [first] = documents;
  if (documents.length === 1 && isObject(first)) {
    if ("resource_changes" in first || "planned_values" in first || ("format_version" in first && !("kind" in first))) {
      return [{ kind: "plan", file, document: first }];
    }
    if (isStack(first)) {
      return [{ kind: "stack", file, document: first }];
    }
  }
  const flat = documents.length === 1 && Array.isArray(first) ? (first as unknown[]) : documents;
  if (
    flat.some(
      (document) => !isObject(document) || typeof document.kind !== "string" || typeof document.apiVersion !== "string",
    )
  ) {
    throw new ExplainedError(
      `${file} is neither a Terraform plan (terraform show -json), a synthesized stack (cdk.tf.json) nor Kubernetes manifests`,
    );
  }
  return flat.some(concernsRay) ? [{ kind: "manifest", file, document: flat }] : [];
}

function isStack(document: JsonObject): boolean {
  const keys = ["resource", "provider", "terraform", "data", "output", "variable", "module"];
  return !("kind" in document) && keys.some((key) => isObject(document[key]));
}

// A chart holds many files without Ray resources, which are not the policies' concern. A kind or API that only looks
// like Ray's is.
function concernsRay(document: unknown): boolean {
  if (!isObject(document)) {
    return true;
  }
  const { kind, apiVersion, items } = document;
  return (
    /^\s*ray/i.test(String(kind)) ||
    /^\s*ray\.io/i.test(String(apiVersion)) ||
    (Array.isArray(items) && items.some(concernsRay))
  );
}
