// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { systemNodeSelector } from "../system-nodes";
import type { WorkloadValues } from "../workload-values";
import { OPERATOR_ACCOUNT } from "./operator-user";

/** The operator watches the Ray namespace only, and has rights there only. */
export const values: WorkloadValues = ({ environment, image }) => {
  const { registry, repository, tag } = image("kuberay-operator");
  return {
    image: { repository: `${registry}/${repository}`, tag },
    singleNamespaceInstall: true,
    watchNamespace: [environment.ray.namespace],
    serviceAccount: { create: true, name: OPERATOR_ACCOUNT },
    nodeSelector: systemNodeSelector(environment),
    podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  };
};
