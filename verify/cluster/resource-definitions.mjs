// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { objectsOf } from "./api-objects.mjs";

const RAY = ["RayCluster", "RayCronJob", "RayJob", "RayService"];

/** Kinds of kube-prometheus-stack's, whose definitions are out of reach. */
const MONITORING = ["PodMonitor", "PrometheusRule"];

/**
 * KubeRay's custom resource definitions, and stand-ins, which take any fields, for those of monitoring; then a moment until the
 * API server serves them.
 */
export async function makeDefinitions(plane, api, directory) {
  const texts = readdirSync(directory).filter((name) => name.endsWith(".yaml"));
  const definitions = [
    ...texts.flatMap((name) => objectsOf(readFileSync(join(directory, name), "utf8"))),
    ...MONITORING.map(standIn),
  ];
  for (const definition of definitions) {
    await api.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  }
  const served = async (group, kinds) => {
    const found = (await api.get(`/apis/${group}`))?.resources ?? [];
    return kinds.every((kind) => found.some((resource) => resource.kind === kind));
  };
  await plane.until(
    "the API server serves the custom resources",
    async () => (await served("ray.io/v1", RAY)) && (await served("monitoring.coreos.com/v1", MONITORING)),
  );
}

function standIn(kind) {
  const singular = kind.toLowerCase();
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${singular}s.monitoring.coreos.com`,
      annotations: { "api-approved.kubernetes.io": "unapproved, a stand-in" },
    },
    spec: {
      group: "monitoring.coreos.com",
      scope: "Namespaced",
      names: { kind, singular, plural: `${singular}s` },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
}
