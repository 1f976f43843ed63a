// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { automationKind } from "../../src/workflow-rules/files-on-disk";

test.each([
  [".github/workflows/a.yml", "workflow"],
  [".github/workflows/a.YAML", "workflow"],
  [".GitHub/Workflows/a.Yml", "workflow"],
  [".github/Dependabot.yaml", "dependabot"],
  ["ci/notify/Action.YML", "action"],
  [".github/workflows/below/a.yml", undefined],
  [".github/workflows/a.yml.bak", undefined],
  ["src/transaction.yml", undefined],
])("%s is %s, in capitals too", (path, kind) => {
  expect(automationKind(path)).toBe(kind);
});
