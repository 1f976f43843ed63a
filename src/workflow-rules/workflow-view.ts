// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isMap, isScalar, type Pair, type Scalar, type YAMLMap } from "yaml";
import { readYaml } from "../bounded-yaml";

/** A workflow as the rules see it: the parsed document with comments and lines, and its jobs and steps flattened. */
export interface WorkflowView {
  /** Path in the repository, such as `.github/workflows/build.yml`. */
  readonly path: string;
  readonly text: string;
  readonly root: YAMLMap;
  readonly triggers: readonly Trigger[];
  readonly jobs: readonly JobView[];
  lineOf(node: unknown): number;
}

/** One event that starts the workflow. */
export interface Trigger {
  readonly event: string;
  /** What stands under the event; undefined when nothing does. */
  readonly filter?: YAMLMap;
}

export interface JobView {
  readonly id: string;
  readonly node: YAMLMap;
  readonly name?: string;
  readonly steps: readonly StepView[];
}

export interface StepView {
  readonly index: number;
  readonly node: YAMLMap;
  readonly name?: string;
  readonly uses?: string;
  /** What stands after `#` on the line of `uses`. */
  readonly usesComment?: string;
  readonly run?: string;
  readonly with: ReadonlyMap<string, string>;
}

/** Thrown when a file under `.github/workflows` is not a workflow at all. */
export class NotAWorkflow extends Error {}

/** More text than anybody's workflow has. */
const MOST_TEXT = 1024 * 1024;

/** Parse the text of a workflow. @throws NotAWorkflow when it is not YAML, or not a mapping. */
export function parseWorkflow(path: string, text: string): WorkflowView {
  const { root, lineOf } = parseMapping(text);
  return { path, text, root, triggers: triggersOf(root), jobs: jobsOf(root), lineOf };
}

/**
 * Parse the text of an action as a workflow of one job: its `runs`. Undefined if the file says nothing that runs, and so
 * is no action of GitHub's.
 * @throws NotAWorkflow when it is not YAML, or not a mapping.
 */
export function parseAction(path: string, text: string): WorkflowView | undefined {
  const { root, lineOf } = parseMapping(text);
  const node = mapOf(root, "runs");
  if (node === undefined) {
    return undefined;
  }
  const job = { id: "runs", node, name: textOf(root, "name"), steps: stepsOf(node) };
  return { path, text, root, triggers: [], jobs: [job], lineOf };
}

/**
 * The workflow of this repository that a job calls. GitHub takes it from the caller's own commit, whatever is checked out.
 *
 * @see https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows
 */
export function calledFile(job: JobView): string | undefined {
  return /^\.\/(\.github\/workflows\/[^/@\s]+\.ya?ml)$/.exec(textOf(job.node, "uses") ?? "")?.[1];
}

/** Whether a workflow has no runs of its own: they are its callers'. */
export function isOnlyCalled({ triggers }: WorkflowView): boolean {
  return triggers.length > 0 && triggers.every(({ event }) => event === "workflow_call");
}

function parseMapping(text: string): Pick<WorkflowView, "root" | "lineOf"> {
  const { documents, lines, problem } = readYaml(text, { strict: true }, MOST_TEXT);
  if (problem !== undefined) {
    throw new NotAWorkflow(problem);
  }
  const [document, ...others] = documents;
  if (!isMap(document?.contents) || others.length > 0) {
    throw new NotAWorkflow(others.length > 0 ? "it has several documents" : "the document is not a mapping");
  }
  return {
    root: document.contents as YAMLMap,
    lineOf: (node) => {
      const range = (node as { range?: [number, number, number] | null } | undefined)?.range;
      return range ? lines.linePos(range[0]).line : 1;
    },
  };
}

/** The pair of a key, with its comments. YAML 1.2 keeps `on` a string; a quoted `"on"` is the same key. */
export function pairOf(map: YAMLMap, key: string): Pair<Scalar, unknown> | undefined {
  return map.items.find((item) => isScalar(item.key) && item.key.value === key) as Pair<Scalar, unknown> | undefined;
}

/** A scalar's value as text; undefined for collections and absent keys. */
export function textOf(map: YAMLMap, key: string): string | undefined {
  const value = map.get(key);
  return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
}

export function mapOf(map: YAMLMap, key: string): YAMLMap | undefined {
  const value = map.get(key);
  return isMap(value) ? (value as YAMLMap) : undefined;
}

/** Every scalar below a node, with the path of keys that leads to it. */
export function scalarsBelow(node: unknown, path: readonly string[] = []): { path: readonly string[]; node: Scalar }[] {
  if (isScalar(node)) {
    return [{ path, node }];
  }
  if (isMap(node)) {
    return (node as YAMLMap).items.flatMap((item) =>
      scalarsBelow(item.value, [...path, isScalar(item.key) ? String(item.key.value) : "?"]),
    );
  }
  const items = (node as { items?: unknown[] } | undefined)?.items;
  return Array.isArray(items) ? items.flatMap((item, index) => scalarsBelow(item, [...path, String(index)])) : [];
}

function triggersOf(root: YAMLMap): Trigger[] {
  const on = root.get("on");
  if (typeof on === "string") {
    return [{ event: on }];
  }
  if (isMap(on)) {
    return (on as YAMLMap).items.map((item) => ({
      event: String((item.key as Scalar).value),
      filter: isMap(item.value) ? (item.value as YAMLMap) : undefined,
    }));
  }
  const items = (on as { toJSON?(): unknown } | undefined)?.toJSON?.();
  return Array.isArray(items) ? items.map((event) => ({ event: String(event) })) : [];
}

function jobsOf(root: YAMLMap): JobView[] {
  const jobs = mapOf(root, "jobs");
  return (jobs?.items ?? [])
    .filter((item) => isMap(item.value))
    .map((item) => {
      const node = item.value as YAMLMap;
      return {
        id: String((item.key as Scalar).value),
        node,
        name: textOf(node, "name"),
        steps: stepsOf(node),
      };
    });
}

function stepsOf(job: YAMLMap): StepView[] {
  const steps = (job.get("steps") as { items?: unknown[] } | undefined)?.items ?? [];
  return steps.filter(isMap).map((step, index) => {
    const node = step as YAMLMap;
    const uses = pairOf(node, "uses")?.value;
    const inputs = new Map<string, string>();
    for (const input of mapOf(node, "with")?.items ?? []) {
      inputs.set(String((input.key as Scalar).value), String(isScalar(input.value) ? input.value.value : input.value));
    }
    return {
      index,
      node,
      name: textOf(node, "name"),
      uses: isScalar(uses) ? String(uses.value) : undefined,
      usesComment: isScalar(uses) ? (uses.comment ?? undefined)?.trim() : undefined,
      run: textOf(node, "run"),
      with: inputs,
    };
  });
}
