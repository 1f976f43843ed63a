// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { checkWorkflow } from "../../src/workflow-rules/check-workflow";
import { readPinTable, repositoryOfAction } from "../../src/workflow-rules/pin-table";
import type { WorkflowViolation } from "../../src/workflow-rules/rule";

const PINS = readPinTable();

/** An action as `uses` names it, with the commit and version of the table. */
export function pinned(action: string): string {
  const pin = PINS.actions[repositoryOfAction(action)];
  if (pin === undefined) {
    throw new Error(`the table of pins has no ${action}`);
  }
  return `${action}@${pin.sha} # ${pin.version}`;
}

/** A workflow that keeps every rule; the bad examples are this text with one thing changed. */
export const GOOD_WORKFLOW = `name: Check

on:
  pull_request:
  push:
    branches: [main]
  merge_group:

permissions: {}

concurrency:
  group: check-\${{ github.ref }}
  cancel-in-progress: true

defaults:
  run:
    shell: bash

jobs:
  check:
    name: Check
    if: github.actor != 'nobody'
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read # check out the repository
    steps:
      - name: Check out the repository
        uses: ${pinned("actions/checkout")}
        with:
          persist-credentials: false
      - name: Test
        env:
          BRANCH: \${{ github.head_ref }}
        run: |
          set -euo pipefail
          npm ci --ignore-scripts
          npm test
`;

/** A job that deploys, to be put in the place of the good workflow's job. */
export const DEPLOY_JOB = `  check:
    name: Deploy
    if: github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: prod
    permissions:
      contents: read # check out the repository
      id-token: write # assume the role
    steps:
      - name: Set up Node.js
        uses: ${pinned("actions/setup-node")}
        with:
          package-manager-cache: false
      - name: Deploy
        run: npx --no-install deploy
`;

/** The good workflow with each pair's first text replaced by its second. Fails when there is nothing to replace. */
export function changed(...replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) {
      throw new Error(`the workflow does not say '${from}'`);
    }
    return text.replace(from, () => to);
  }, GOOD_WORKFLOW);
}

/** The good workflow with another job. */
export function withJob(job: string): string {
  return GOOD_WORKFLOW.slice(0, GOOD_WORKFLOW.indexOf("  check:\n")) + job;
}

/** The good workflow with another last step. */
export function withStep(step: string): string {
  return GOOD_WORKFLOW.slice(0, GOOD_WORKFLOW.indexOf("      - name: Test\n")) + step.replace(/^(?=.)/gm, "      ");
}

export function violationsOf(text: string, required = true): WorkflowViolation[] {
  return checkWorkflow(".github/workflows/check.yml", text, { pins: PINS, required });
}
