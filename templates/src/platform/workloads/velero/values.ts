// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { restrictedContainer, systemNodeSelector } from "../system-nodes";
import type { WorkloadValues } from "../workload-values";

/** A scheduled backup of the Ray namespace to one bucket, volumes by snapshot. */
export const values: WorkloadValues = ({ environment, workload, image, roleArn }) => {
  const { bucket, schedule } = workload.settings;
  const server = image("velero");
  const plugin = image("velero-plugin-for-aws");
  const config = { region: environment.region };
  return {
    image: { repository: `${server.registry}/${server.repository}`, tag: server.tag },
    initContainers: [
      {
        name: "velero-plugin-for-aws",
        image: `${plugin.registry}/${plugin.repository}:${plugin.tag}`,
        volumeMounts: [{ mountPath: "/target", name: "plugins" }],
        securityContext: { ...restrictedContainer, runAsNonRoot: true, runAsUser: 65532 },
      },
    ],
    configuration: {
      backupStorageLocation: [{ name: "default", provider: "aws", bucket, config }],
      volumeSnapshotLocation: [{ name: "default", provider: "aws", config }],
    },
    credentials: { useSecret: false },
    serviceAccount: { server: { name: "velero", annotations: { "eks.amazonaws.com/role-arn": roleArn } } },
    schedules: {
      ray: { schedule, template: { ttl: "720h", includedNamespaces: [environment.ray.namespace] } },
    },
    // These run an image of their own, which a closed network would have to mirror only for that.
    upgradeCRDs: false,
    cleanUpCRDs: false,
    nodeSelector: systemNodeSelector(environment),
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  };
};
