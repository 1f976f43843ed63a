// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { mirroredImage } from "./images";
import { systemNodeSelector } from "./system-nodes";

/** Values of the KubeRay operator: it watches the Ray namespace only, and has rights there only. */
export function kuberayOperatorValues(environment: EnvironmentConfig, imagePrefix: string): object {
  const { registry, repository, tag } = mirroredImage(environment, imagePrefix, "kuberay-operator");
  return {
    image: { repository: `${registry}/${repository}`, tag },
    singleNamespaceInstall: true,
    watchNamespace: [environment.ray.namespace],
    nodeSelector: systemNodeSelector(environment),
    podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  };
}
