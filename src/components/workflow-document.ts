// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { WORKFLOWS_DIRECTORY } from "../workflow-rules/pin-table";

/**
 * A workflow of this package, read as a document so that its comments survive, and changed as the options say.
 *
 * Every change asserts that what it changes is there: a template that moved must fail here, not in somebody's CI.
 */
export class WorkflowDocument {
  public static load(name: string): WorkflowDocument {
    return new WorkflowDocument(name, parseDocument(readFileSync(join(WORKFLOWS_DIRECTORY, `${name}.yml`), "utf8")));
  }

  /** Names of the checks that its jobs report as the package ships it, by the id of the job. */
  public readonly shippedChecks: ReadonlyMap<string, string>;

  private constructor(
    public readonly name: string,
    public readonly document: Document,
  ) {
    this.shippedChecks = new Map(this.jobIds().map((id) => [id, this.checkName(id)]));
  }

  public toString(): string {
    return renderWorkflow(this.document);
  }

  public get jobs(): YAMLMap {
    return expectMap(this.document.get("jobs"), `${this.name}: jobs`);
  }

  public job(id: string): YAMLMap {
    return expectMap(this.jobs.get(id), `${this.name}: jobs.${id}`);
  }

  /** The name of the check that a job reports, as GitHub compares it. */
  public checkName(id: string): string {
    return String(this.job(id).get("name") ?? id);
  }

  public jobIds(): string[] {
    return this.jobs.items.map((item) => String((item.key as Scalar).value));
  }

  /** Remove a job, and its name from what other jobs need. */
  public removeJob(id: string): void {
    assert(this.jobs.delete(id), `${this.name} has no job '${id}'`);
    for (const other of this.jobIds()) {
      const needs = this.job(other).get("needs");
      if (isSeq(needs)) {
        needs.items = needs.items.filter((item) => scalarValue(item) !== id);
        if (needs.items.length === 0) {
          this.job(other).delete("needs");
        }
      }
    }
  }

  /** Steps of a job, or of all jobs. */
  public steps(jobId?: string): YAMLMap[] {
    return (jobId === undefined ? this.jobIds() : [jobId]).flatMap((id) => {
      const steps = this.job(id).get("steps");
      return isSeq(steps) ? (steps.items.filter(isMap) as YAMLMap[]) : [];
    });
  }

  /** The one step with a name. */
  public step(jobId: string, name: string): YAMLMap {
    const found = this.steps(jobId).filter((step) => step.get("name") === name);
    assert(found.length === 1, `${this.name}: job '${jobId}' has ${found.length} steps named '${name}'`);
    return found[0] as YAMLMap;
  }

  /** Steps of all jobs that use an action, sub-actions included, with their jobs. */
  public uses(action: string): { job: YAMLMap; step: YAMLMap }[] {
    return this.jobIds().flatMap((id) =>
      this.steps(id)
        .filter((step) => new RegExp(`^${action}(/[^@]*)?@`).test(String(step.get("uses") ?? "")))
        .map((step) => ({ job: this.job(id), step })),
    );
  }

  /** Remove a step, and the comment that belongs to it. */
  public removeStep(job: YAMLMap, step: YAMLMap): void {
    const steps = job.get("steps") as YAMLSeq;
    steps.items = steps.items.filter((item) => item !== step);
  }

  /** Set an input or a variable of a step, keeping the comment beside the old value. */
  public set(map: YAMLMap, path: readonly string[], value: string | number | boolean): void {
    const current = map.getIn(path, true);
    if (isScalar(current)) {
      current.value = value;
    } else {
      map.setIn(path, value);
    }
  }

  /** Replace text in the scripts of all jobs. It must be in one of them. */
  public replaceInScripts(from: string, to: string): void {
    const scripts = this.steps()
      .map((step) => step.get("run", true))
      .filter((run) => isScalar(run) && String(run.value).includes(from)) as Scalar<string>[];
    assert(scripts.length > 0, `${this.name}: no script says '${from}'`);
    for (const script of scripts) {
      script.value = script.value.replace(from, to);
    }
  }

  /** Replace text in every scalar below a node. */
  public replaceText(node: unknown, replace: (text: string) => string): void {
    visit(node as Document, {
      Scalar(_key, scalar) {
        if (typeof scalar.value === "string") {
          scalar.value = replace(scalar.value);
        }
      },
    });
  }

  /** Text in quotes: a number of an account is no number. */
  public quoted(text: string): Scalar {
    const scalar = this.document.createNode(text) as Scalar;
    scalar.type = "QUOTE_DOUBLE";
    return scalar;
  }

  /** Set a key of a map that does not have it, behind another. */
  public insertAfter(map: YAMLMap, before: string, key: string, value: unknown): void {
    const index = map.items.findIndex((item) => scalarValue(item.key) === before);
    assert(index >= 0, `${this.name}: nothing is called '${before}'`);
    map.items.splice(index + 1, 0, this.document.createPair(key, value) as (typeof map.items)[number]);
  }

  /** A flow sequence, as short lists are written. */
  public list(values: readonly string[]): YAMLSeq {
    const list = this.document.createNode([...values]) as YAMLSeq;
    list.flow = true;
    return list;
  }
}

/** The text of a workflow. */
export function renderWorkflow(document: Document): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

export function expectMap(value: unknown, what: string): YAMLMap {
  assert(isMap(value), `${what} is not a mapping`);
  return value as YAMLMap;
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) {
    throw new Error(`${message}: the workflow file changed and the code that adapts it did not.`);
  }
}

function scalarValue(item: unknown): unknown {
  return isScalar(item) ? item.value : item;
}
