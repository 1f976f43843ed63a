// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { judge, policyDocuments } from "../policy/judgement";
import { loadPolicies } from "../policy/load-policies";
import type { PlanJudge } from "./environment-rehearsal";

/** Judges plans by the policies, and by a repository's own limits if it has them. */
export async function planJudge(cwd: string): Promise<PlanJudge> {
  const policies = await loadPolicies();
  const file = join(cwd, "policies", "data", "limits.json");
  const limits = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).limits : undefined;
  return (stack, plan) =>
    judge(policies, policyDocuments([{ file: stack, kind: "plan", document: { ...plan } }]), limits).flatMap(
      ({ deny }) => deny.map(({ id, resource, msg }) => `${id} ${resource}: ${msg}`),
    );
}
