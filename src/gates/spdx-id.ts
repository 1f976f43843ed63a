// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { nearestKey } from "../nearest-key";
import type { TextRule } from "./gate-record";

/** A license of one's own, as the SPDX specification has it. */
const OWN_LICENSE = /^LicenseRef-[A-Za-z0-9.-]{1,60}$/;

/**
 * An id of the SPDX license list, with a plus where later versions count too. Those that the list calls deprecated are
 * included: sources and registries still name them.
 * @param example an id for the message
 */
export const spdxId = (example: string): TextRule => ({
  pattern: { test: (text) => OWN_LICENSE.test(text) || licenseIds().includes(text.replace(/\+$/, "")) },
  rule: "an id of the SPDX license list",
  fix: (text) => {
    const near = nearestKey(text, licenseIds());
    return near === undefined
      ? `write an id such as "${example}" (spdx.org/licenses), or LicenseRef-NAME for your own license`
      : `did you mean "${near}"?`;
  },
});

/** Read when a license is named, and not by every regeneration. */
function licenseIds(): readonly string[] {
  return [...(require("spdx-license-ids") as string[]), ...(require("spdx-license-ids/deprecated") as string[])];
}
