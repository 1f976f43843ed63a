// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { core } from "../core.js";
import { graceEnds, REASON } from "./grace-period.js";

/** @typedef {{ rule: string, workflow: string, reason: string, expires: string }} Relaxation */

/**
 * Relaxations for the workflows and actions that were there before and break a rule, so that the first build passes. They
 * end, and so are not forgotten.
 * @param {string} root
 * @param {(path: string) => boolean} isGone whether a file is replaced or removed
 * @returns {Relaxation[]}
 */
export function workflowRelaxations(root, isGone) {
  const expires = graceEnds();
  return core
    .brokenWorkflowRules(root)
    .filter(({ workflow }) => !isGone(workflow))
    .map((broken) => ({ ...broken, reason: REASON, expires }));
}
