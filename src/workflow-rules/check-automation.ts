// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { checkAction, checkWorkflow } from "./check-workflow";
import { checkDependabot } from "./dependabot";
import { automationKind } from "./files-on-disk";
import type { RuleContext, WorkflowViolation } from "./rule";

/** Checks a file that GitHub runs, or reads to run something, against the rules of its kind; another file breaks none. */
export function checkAutomation(path: string, text: string, context: RuleContext): WorkflowViolation[] {
  switch (automationKind(path)) {
    case "workflow":
      return checkWorkflow(path, text, context);
    case "action":
      return checkAction(path, text, context);
    case "dependabot":
      return checkDependabot(path, text);
    default:
      return [];
  }
}
