// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Faults in sound objects, each of which the API server must refuse: the kind of the object that is changed, how, and what the
 * refusal says. A pod is the one that a group's template describes.
 */
export const PLANTED_FAULTS = [
  fault(
    "Pod",
    "a privileged container",
    (pod) => container(pod).securityContext,
    { privileged: true, allowPrivilegeEscalation: true },
    /restricted/,
  ),
  fault("Pod", "the root user", (pod) => container(pod).securityContext, { runAsUser: 0 }, /restricted/),
  fault(
    "Pod",
    "a path of the host",
    (pod) => pod.spec,
    { volumes: [{ name: "h", hostPath: { path: "/" } }] },
    /restricted/,
  ),
  fault(
    "Pod",
    "a request above its limit",
    (pod) => container(pod).resources.requests,
    { memory: "999Gi" },
    /less than or equal/,
  ),
  fault("Pod", "an unknown field", (pod) => pod.spec, { terminationGraceSeconds: 5 }, /unknown field/),
  fault("RayCluster", "an unknown field", ({ spec }) => spec, { rayRelease: "2.56.0" }, /unknown field/),
  fault("RayCluster", "no head", ({ spec }) => spec, { headGroupSpec: undefined }, /headGroupSpec/),
  fault(
    "RayCluster",
    "an unknown way to upgrade",
    ({ spec }) => spec.upgradeStrategy,
    { type: "Rolling" },
    /upgradeStrategy/,
  ),
  fault(
    "PodDisruptionBudget",
    "both limits",
    ({ spec }) => spec,
    { maxUnavailable: 1 },
    /minAvailable and maxUnavailable/,
  ),
  fault(
    "NetworkPolicy",
    "a range of addresses that is none",
    ({ spec }) => spec,
    {
      egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/33" } }] }],
    },
    /cidr/,
  ),
];

function fault(kind, what, part, change, says) {
  return { kind, what, says, plant: (object) => Object.assign(part(object), change) };
}

function container({ spec }) {
  return spec.containers[0];
}
