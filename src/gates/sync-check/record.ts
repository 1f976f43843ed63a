// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GateRecord } from "../gate-record";

/** Managed files that were edited by hand. */
export const syncCheck: GateRecord = {
  id: "sync-check",
  option: "syncCheck",
  tool: "Sync check",
  pins: [],
  scanner: false,
  findings: { "sync-check": [{ exitCodes: [2, 3, 4] }] },
  starts: ["node"],
  coverage: "Refusal of managed files that were edited by hand",
  controls: [],
  failsWhen: "a managed file was edited by hand",
  remedy:
    "`npx projen` undoes the edit and keeps it next to the file. To own the file yourself, use the option `release`.",
  badge: false,
  required: true,
  requiredAfter: "terraform-plan",
  needsGenerator: true,
  configuration: [],
  defaults: {},
};
