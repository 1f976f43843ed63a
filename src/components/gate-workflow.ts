// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { ScannerException } from "../options/workflow-options";
import type { AdjustmentContext } from "./adjustment-context";
import type { WorkflowDocument } from "./workflow-document";

/** What a gate does beyond what its record says. */
export interface GateWorkflow {
  /** Changes the workflow as the options say. */
  readonly adjust?: (workflow: WorkflowDocument, context: AdjustmentContext) => void;
  /**
   * Writers of the configuration files whose record names no lists, by path. They get the exceptions that are not for single
   * resources, and give undefined where the file would say nothing.
   */
  readonly configuration?: Readonly<
    Record<string, (exceptions: readonly ScannerException[], context: AdjustmentContext) => string | undefined>
  >;
}
