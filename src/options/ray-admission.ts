// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What the API server does with a Ray resource that breaks a rule of `policies/ray`, whoever applies it. */
export enum RayAdmission {
  /** Refuses it, with the rule, the field, the value and the fix. */
  DENY = "deny",
  /** Accepts it, warns whoever applied it, and writes the violation into the cluster's audit log. */
  AUDIT = "audit",
}
