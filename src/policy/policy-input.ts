// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { isThere, namesIn } from "../file-presence";
import { ExplainedError } from "../explained-error";
import { readForeignStream } from "../foreign-file";
import { decodeText } from "../decode-text";
import { entriesBelow } from "./entries-below";
import { isObject, type JsonObject } from "../json-object";
import { portableRelative } from "../portable-path";
import { parseDocuments, parseYamlText } from "./parse-documents";

/** One document to judge, and where it comes from. */
export type PolicyInput = (
  | { readonly kind: "plan"; readonly document: JsonObject }
  | { readonly kind: "stack"; readonly document: JsonObject }
  | { readonly kind: "manifest"; readonly document: readonly unknown[] }
) & {
  readonly file: string;
  /** The line, from 1, of a place in the document; undefined where the file does not tell. */
  lineOf?(path: string): number | undefined;
};

/** A file that is not judged, and why. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}

/** What was read, and what was not. */
export interface PolicyInputs {
  readonly inputs: readonly PolicyInput[];
  readonly skipped: readonly SkippedFile[];
}

/** Where `npx projen synth` leaves what is judged when no file is named. */
export const SYNTHESIZED = { stacks: join("cdktf.out", "stacks"), manifests: join("cdktf.out", "manifests") };

const STANDARD_INPUT = "-";
const READABLE = /\.(json|ya?ml)$/;

// What lies beside manifests and is none: of Helm, of Kustomize.
const BESIDE_MANIFESTS =
  /^(Chart\.(yaml|lock)|requirements\.(yaml|lock)|values[\w.-]*\.(ya?ml|json)|kustomization\.ya?ml)$/i;

/**
 * Reads the inputs that were named, or what was synthesized if none was.
 *
 * @param cwd directory that paths are relative to.
 * @param root root of the repository, where the synthesized files lie.
 * @param paths files, directories, or `-` for standard input.
 * @param readStandardInput called once if `-` is among the paths.
 * @throws ExplainedError for what cannot be read or is nothing that the policies judge.
 */
export function readInputs(
  cwd: string,
  root: string,
  paths: readonly string[],
  readStandardInput: () => Buffer | string,
): PolicyInputs {
  const found = paths.length === 0 ? synthesizedFiles(cwd, root) : paths.flatMap((path) => filesOf(cwd, path));
  const inputs: PolicyInput[] = [];
  const skipped: SkippedFile[] = [];
  for (const { file, isNamed } of found) {
    const reason = isNamed ? undefined : reasonToSkip(cwd, file);
    const read = reason === undefined ? readInput(cwd, file, readStandardInput) : { file, reason };
    if ("reason" in read) {
      skipped.push(read);
    } else {
      inputs.push(read);
    }
  }
  if (inputs.length === 0) {
    const files = found.map(({ file }) => file).join(", ");
    throw new ExplainedError(`nothing to judge in ${files}: no Terraform plan, synthesized stack or Ray resource`);
  }
  return { inputs, skipped };
}

interface FoundFile {
  readonly file: string;
  /** Whether the user named the file itself, and not the directory that it lies in. */
  readonly isNamed: boolean;
}

function synthesizedFiles(cwd: string, root: string): FoundFile[] {
  const files = [
    ...namesIn(join(root, SYNTHESIZED.stacks))
      .map((stack) => join(SYNTHESIZED.stacks, stack, "cdk.tf.json"))
      .filter((file) => isThere(join(root, file))),
    ...namesIn(join(root, SYNTHESIZED.manifests))
      .filter((name) => READABLE.test(name))
      .map((name) => join(SYNTHESIZED.manifests, name)),
  ];
  if (files.length === 0) {
    throw new ExplainedError(
      `${SYNTHESIZED.stacks} contains no synthesized stack: run "npx projen synth" first, or name the files to judge`,
    );
  }
  return files.map((file) => ({ file: portableRelative(cwd, join(root, file)), isNamed: false }));
}

function filesOf(cwd: string, path: string): FoundFile[] {
  if (path === STANDARD_INPUT) {
    return [{ file: path, isNamed: true }];
  }
  const absolute = resolve(cwd, path);
  const status = readable(path, () => statSync(absolute, { throwIfNoEntry: false }));
  if (status === undefined) {
    const isLink = lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    throw new ExplainedError(isLink ? `${path} is a link that leads nowhere` : `${path} does not exist`);
  }
  if (!status.isDirectory()) {
    return [{ file: portableRelative(cwd, absolute), isNamed: true }];
  }
  const found = readable(path, () => entriesBelow(absolute))
    .filter((name) => READABLE.test(name))
    .map((name) => ({ file: portableRelative(cwd, join(absolute, name)), isNamed: false }));
  if (found.length === 0) {
    throw new ExplainedError(`${path} contains no .json, .yaml or .yml file`);
  }
  return found;
}

function reasonToSkip(cwd: string, file: string): string | undefined {
  const status = statSync(resolve(cwd, file), { throwIfNoEntry: false });
  if (status === undefined) {
    return "a link that leads nowhere";
  }
  if (status.isDirectory()) {
    return "a directory";
  }
  if (!status.isFile()) {
    return "not a file but a device or a pipe";
  }
  return BESIDE_MANIFESTS.test(basename(file)) ? "not a manifest but a file of Helm or Kustomize" : undefined;
}

function readInput(cwd: string, path: string, readStandardInput: () => Buffer | string): PolicyInput | SkippedFile {
  const file = path === STANDARD_INPUT ? "<stdin>" : path;
  const { documents, lineOf } = parseDocuments(file, decodeText(bytesOf(cwd, path, readStandardInput)));
  return classify(file, documents, lineOf);
}

function bytesOf(cwd: string, path: string, readStandardInput: () => Buffer | string): Buffer {
  if (path === STANDARD_INPUT) {
    return Buffer.from(readStandardInput() as string);
  }
  return readForeignStream(resolve(cwd, path), undefined, path);
}

function readable<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw new ExplainedError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function classify(
  file: string,
  documents: readonly unknown[],
  lineOf: (path: string) => number | undefined,
): PolicyInput | SkippedFile {
  const [first] = documents;
  if (documents.length === 1 && isObject(first)) {
    if ("resource_changes" in first || "planned_values" in first || ("format_version" in first && !("kind" in first))) {
      return { kind: "plan", file, document: first };
    }
    if (isStack(first)) {
      return { kind: "stack", file, document: first };
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
  return flat.some(concernsRay)
    ? { kind: "manifest", file, document: flat.map(withParsedTemplates), lineOf }
    : { file, reason: "no Ray resource, and nothing that starts nodes" };
}

function isStack(document: JsonObject): boolean {
  const keys = ["resource", "provider", "terraform", "data", "output", "variable", "module"];
  return !("kind" in document) && keys.some((key) => isObject(document[key]));
}

// A chart holds many files without Ray resources, which are not the policies' concern. A kind or API that only looks
// like Ray's is, and so is what wraps a Ray resource or starts nodes.
function concernsRay(document: unknown): boolean {
  if (Array.isArray(document)) {
    return document.some(concernsRay);
  }
  if (!isObject(document)) {
    return false;
  }
  const { kind, apiVersion } = document;
  if (typeof kind === "string" && typeof apiVersion === "string" && CONCERNS.test(`${apiVersion} ${kind}`)) {
    return true;
  }
  return Object.entries(document).some(([key, value]) =>
    key === "manifest" && typeof value === "string" ? value.includes("ray.io/") : concernsRay(value),
  );
}

const CONCERNS = new RegExp(
  [
    "^\\s*ray\\.io",
    "^\\S* +ray",
    "^karpenter\\.",
    "^eks\\.amazonaws\\.com/\\S* NodeClass$",
    "^(infrastructure\\.)?cluster\\.x-k8s\\.io/",
    "^(eks|ec2|autoscaling)\\.(services\\.k8s\\.aws|aws\\.(upbound|crossplane)\\.io)/",
  ].join("|"),
  "i",
);

// Templates of Argo are text. What is YAML there is judged as what it says; other text the policies refuse.
function withParsedTemplates(document: unknown): unknown {
  if (Array.isArray(document)) {
    return document.map(withParsedTemplates);
  }
  if (!isObject(document)) {
    return document;
  }
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) =>
      key === "manifest" && typeof value === "string"
        ? [key, parseYamlText(value) ?? value]
        : [key, withParsedTemplates(value)],
    ),
  );
}
