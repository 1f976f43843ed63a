// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { WORKFLOWS } from "../config/workflow-list";
import type { AdjustmentContext } from "./adjustment-context";
import { type PreparedWorkflow, preparedWorkflow } from "./prepared-workflows";
import { adjustedWorkflow } from "./workflow-adjustments";
import type { WorkflowDocument } from "./workflow-document";

/** A workflow as the options want it. As a document it is read only if somebody asks for that. */
export class MadeWorkflow {
  private readonly prepared: PreparedWorkflow | undefined;
  private made: WorkflowDocument | undefined;
  private text: string | undefined;

  public constructor(
    public readonly name: string,
    private readonly context: AdjustmentContext,
  ) {
    this.prepared = preparedWorkflow(name, context);
    this.made = this.prepared === undefined ? adjustedWorkflow(name, context) : undefined;
  }

  public document(): WorkflowDocument {
    this.made ??= adjustedWorkflow(this.name, this.context);
    return this.made;
  }

  /** Asked for by the check and again to be written; nothing changes the document in between. */
  public toString(): string {
    this.text ??= this.prepared?.text ?? this.document().toString();
    return this.text;
  }

  /** Names of the workflows that it calls. */
  public get calls(): readonly string[] {
    return WORKFLOWS.flatMap(({ id, called }) => (id === this.name && called !== undefined ? [called] : []));
  }

  /** Whether its text was checked when this package was built, with what it called then. */
  public isChecked(required: boolean): boolean {
    return this.prepared?.passes[String(required)] === true;
  }

  /** Names of the checks that its jobs report as the package ships it, by the id of the job. */
  public get shippedChecks(): ReadonlyMap<string, string> {
    return this.prepared === undefined
      ? this.document().shippedChecks
      : new Map(Object.entries(this.prepared.shippedChecks));
  }

  /** Names of the checks that jobs report, by default all of them. */
  public checkNames(jobs?: readonly string[]): string[] {
    const { prepared } = this;
    if (prepared !== undefined) {
      return (jobs ?? Object.keys(prepared.checks)).map((id) => prepared.checks[id] as string);
    }
    const document = this.document();
    return (jobs ?? document.jobIds()).map((id) => document.checkName(id));
  }
}
