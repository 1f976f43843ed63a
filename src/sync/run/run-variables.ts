// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Environment variable: write what is rendered to this file, as JSON, and change nothing. */
export const PREVIEW_VARIABLE = "RAY_PLATFORM_PREVIEW";

/** Environment variable: bring our changes into seeded files too, and write what happened to this file, as JSON. */
export const UPDATE_VARIABLE = "RAY_PLATFORM_UPDATE";

/** Whether projen's post-synthesis is to run, which installs dependencies where they are missing. */
export function isPostSynthesisWanted(): boolean {
  return !isTruthy(process.env.PROJEN_DISABLE_POST);
}

/** As projen reads its switches. */
function isTruthy(value: string | undefined): boolean {
  return !["null", "undefined", "0", "false", ""].includes((value ?? "").trim().toLowerCase());
}
