// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { JsonPatch } from "projen/lib/json-patch";
import type { IResolver } from "projen/lib/file";
import { ObjectFile } from "projen/lib/object-file";
import type { Project } from "projen/lib/project";
import { isScalar, type Scalar, type YAMLMap } from "yaml";
import { Ownership } from "../sync/files/ownership";
import { Staging } from "../sync/files/staging";
import { type PinTable, repositoryOfAction } from "../workflow-rules/pin-table";
import type { MadeWorkflow } from "./made-workflow";
import { reconcile } from "./reconcile-yaml";
import { renderWorkflow } from "./workflow-document";

/**
 * A generated workflow. A project may adjust it, as any other file of projen's that is an object:
 * `project.tryFindObjectFile(".github/workflows/build.yml")?.addOverride("jobs.build.timeout-minutes", 45)`. Comments stay with
 * what they belong to, and the hardening rules judge the result.
 */
export class WorkflowFile extends ObjectFile {
  private isAdjusted = false;

  public constructor(
    project: Project,
    private readonly workflow: MadeWorkflow,
    private readonly pins: PinTable,
  ) {
    const path = `.github/workflows/${workflow.name}.yml`;
    super(project, path, { obj: () => workflow.document().document.toJS(), marker: false, editGitignore: false });
    Ownership.of(project).declare(path, { ownership: "managed", component: "workflows" });
  }

  /** Names of the generated workflows that it calls. */
  public get calls(): readonly string[] {
    return this.workflow.calls;
  }

  /** Whether what it is going to contain was checked when this package was built, with what it called then. */
  public isChecked(required: boolean): boolean {
    return !this.isAdjusted && this.workflow.isChecked(required);
  }

  public override addOverride(path: string, value: unknown): void {
    this.isAdjusted = true;
    super.addOverride(path, value);
  }

  public override addToArray(path: string, ...values: unknown[]): void {
    this.isAdjusted = true;
    super.addToArray(path, ...values);
  }

  public override patch(...patches: JsonPatch[]): void {
    this.isAdjusted = true;
    super.patch(...patches);
  }

  public override synthesize(): void {
    const staging = Staging.of(this.project);
    const content = staging && this.synthesizeContent({ resolve: (value) => this.resolved(value) });
    if (staging === undefined || content === undefined) {
      super.synthesize();
      return;
    }
    staging.put({ path: this.path, content: Buffer.from(content), mode: this.readonly ? 0o444 : 0o644 });
  }

  protected override synthesizeContent(resolver: IResolver): string | undefined {
    if (!this.isAdjusted) {
      return this.workflow.toString();
    }
    const wanted = super.synthesizeContent(resolver);
    if (wanted === undefined) {
      return undefined;
    }
    const document = this.workflow.document().document.clone();
    document.contents = reconcile(document, document.contents, JSON.parse(wanted));
    this.nameVersions(document.get("jobs") as YAMLMap | undefined);
    return renderWorkflow(document);
  }

  private resolved(value: unknown): unknown {
    return typeof value === "function" ? value() : value;
  }

  /** An action that is added by its commit gets the comment with its version, if the table of pins knows it. */
  private nameVersions(jobs: YAMLMap | undefined): void {
    for (const { value: job } of jobs?.items ?? []) {
      const steps = (job as YAMLMap).get("steps") as { items?: readonly YAMLMap[] } | undefined;
      for (const step of steps?.items ?? []) {
        const uses = step.get("uses", true) as Scalar | undefined;
        const [action = "", sha] = isScalar(uses) ? String(uses.value).split("@") : [];
        const pin = this.pins.actions[repositoryOfAction(action)];
        if (isScalar(uses) && pin !== undefined && pin.sha === sha) {
          uses.comment = ` ${pin.version}`;
        }
      }
    }
  }
}
