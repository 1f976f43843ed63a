// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { reasonOf, runJson } from "./run-program.mjs";

/** What kubectl answers for objects: `value`, or why there is none under `isMissing`, `isForbidden` and `reason`. */
export function getObjects(args) {
  const answer = runJson("kubectl", ["get", ...args, "--output", "json"]);
  const reason = answer.ok ? undefined : reasonOf(answer);
  return {
    value: answer.value,
    items: answer.value?.items ?? [],
    reason,
    isMissing: reason !== undefined && /NotFound|not found|doesn't have a resource type/i.test(reason),
    isForbidden: reason !== undefined && /forbidden/i.test(reason),
  };
}

/** A condition of an object by type. */
export function conditionOf(object, type) {
  return (object.status?.conditions ?? []).find((condition) => condition.type === type);
}

/** Containers of a pod that wait, with the reason; init containers first. */
export function waitingContainers(pod) {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  return [...initContainerStatuses, ...containerStatuses].flatMap(({ name, image, state, lastState, restartCount }) =>
    state?.waiting === undefined ? [] : [{ name, image, restartCount, lastState, ...state.waiting }],
  );
}

/** Seconds since an object was made. */
export function ageInSeconds(object) {
  return (Date.now() - Date.parse(object.metadata?.creationTimestamp ?? "")) / 1000;
}
