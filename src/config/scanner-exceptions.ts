// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { GATES, toolNames } from "../gates";
import type { GateRecord, TextRule } from "../gates/gate-record";
import type { IssueList } from "../options/option-issues";
import type { ScannerException } from "../options/workflow-options";
import { checkPattern } from "./patterns";
import { checkDay, checkReason, checkText } from "./text-rules";

const ID: TextRule = {
  pattern: /^(\*|(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._:/-]{0,99})$/,
  rule: "the id as the scanner prints it, or *",
  fix: "copy it from the scanner's output",
};

const RESOURCE: TextRule = {
  pattern: /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/,
  rule: "the path of a construct below its stack",
  fix: 'write "state/bucket"; cdk.tf.json has it as metadata.path',
};

/** What is wrong with an exception, in itself and for the gate that it is made to. */
export function checkException(exception: ScannerException, gate: GateRecord, path: string, issues: IssueList): void {
  checkText(exception.id, `${path}.id`, ID, issues);
  checkReason(exception.reason, `${path}.reason`, issues);
  checkDay(exception.expires, `${path}.expires`, issues);
  checkPattern(exception.path, "filePath", `${path}.path`, issues);
  checkText(exception.resource, `${path}.resource`, RESOURCE, issues);
  checkScope(exception, gate, path, issues);
}

/** An exception that its tool cannot limit as it says is refused: it would count for more than it says. */
function checkScope(
  exception: ScannerException,
  { tool, exceptions }: GateRecord,
  path: string,
  issues: IssueList,
): void {
  const { id } = exception;
  const star = id === "*";
  if (exception.resource !== undefined && (!exceptions?.resources || star || exception.path !== undefined)) {
    const tools = toolNames(GATES.filter((gate) => gate.exceptions?.resources));
    issues.add(
      `${path}.resource`,
      exception.resource,
      `limits one finding of ${tools} to a resource, without a path`,
      "remove resource, or name the finding and remove path",
    );
  }
  if (star && exception.path === undefined) {
    issues.add(`${path}.path`, undefined, "an exception for everything is limited to a path", "add a path");
  }
  switch (exceptions?.scope) {
    case "finding":
      if (exception.path !== undefined) {
        const what = star ? "an exception" : `'${id}'`;
        issues.add(`${path}.path`, exception.path, `${tool} cannot limit ${what} to a path`, "remove the path");
      }
      if (star) {
        issues.add(`${path}.id`, id, `${tool} takes no exception for everything`, "name the finding");
      }
      break;
    case "finding-else-path":
      if (exception.path !== undefined && !star) {
        const fix = "use the id * or remove the path";
        issues.add(`${path}.path`, exception.path, `${tool} cannot limit '${id}' to a path`, fix);
      }
      break;
    case "path":
      if (!star) {
        issues.add(`${path}.id`, id, `the findings of ${tool} have no ids`, 'write "*"');
      }
      break;
    case "finding-of-workflow":
      if (star || !/^\.github\/(workflows\/)?[A-Za-z0-9._-]+\.ya?ml$/.test(exception.path ?? "")) {
        issues.add(
          `${path}.path`,
          exception.path,
          `an exception of ${tool} is for a finding and the file that it is in`,
          "write path: .github/workflows/NAME.yml",
        );
      }
      break;
  }
}
