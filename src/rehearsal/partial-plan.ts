// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from "node:util";
import type { PlanDocument, PlannedChange } from "./deployment-order";

/**
 * What a plan of some resources would do that the plan of all does not. The policies judge whole plans alone, so a part may be
 * applied only if this is empty.
 *
 * @returns sentences, each of one resource
 */
export function beyondWholePlan(part: PlanDocument, whole: PlanDocument): string[] {
  const known = new Map(changesOf(whole).map((planned) => [keyOf(planned), planned]));
  return changesOf(part).flatMap((planned) => {
    const same = known.get(keyOf(planned));
    const does = `${planned.change.actions.join("/")} ${planned.address}`;
    if (same === undefined) {
      return [`${does}, which the whole plan leaves alone`];
    }
    return isDeepStrictEqual(effectOf(planned), effectOf(same))
      ? []
      : [`${does}, and the whole plan makes something else of it`];
  });
}

function changesOf(plan: PlanDocument): readonly PlannedChange[] {
  return (plan.resource_changes ?? []).filter(
    ({ mode, change }) => mode !== "data" && change.actions.some((action) => action !== "no-op"),
  );
}

/** An object that a failed replacement left behind has the address of its successor. */
function keyOf({ address, deposed }: PlannedChange): string {
  return `${address} ${deposed ?? ""}`;
}

function effectOf({ change: { actions, after, after_unknown: unknown } }: PlannedChange): unknown {
  return { actions, after: after ?? null, unknown: unknown ?? {} };
}
