// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { judgeByCustomPolicies } from "../policy/custom-policies";
import { judge, policyDocuments } from "../policy/judgement";
import { type Limits, loadPolicies } from "../policy/load-policies";
import { repositoryLimits } from "../policy/repository-limits";
import { repositoryRoot } from "../policy/repository-root";
import type { PlanJudge } from "./environment-rehearsal";

/** Judges plans by the policies. @param limits undefined for those that the policies have themselves */
export async function planJudge(limits: Limits | undefined): Promise<PlanJudge> {
  const policies = await loadPolicies();
  return (stack, plan) =>
    sentences(judge(policies, policyDocuments([{ file: stack, kind: "plan", document: { ...plan } }]), limits));
}

/** Judges plans as a repository does: by its limits, and by its own Rego too. */
export async function repositoryPlanJudge(cwd: string): Promise<PlanJudge> {
  const root = repositoryRoot(cwd);
  const limits = repositoryLimits(cwd, root);
  const byPolicies = await planJudge(limits);
  return (stack, plan) => [
    ...byPolicies(stack, plan),
    ...sentences(
      judgeByCustomPolicies(root, policyDocuments([{ file: stack, kind: "plan", document: { ...plan } }]), limits),
    ),
  ];
}

function sentences(judgements: ReturnType<typeof judge>): string[] {
  return judgements.flatMap(({ deny }) => deny.map(({ id, resource, msg }) => `${id} ${resource}: ${msg}`));
}
