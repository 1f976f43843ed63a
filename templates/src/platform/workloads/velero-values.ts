// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig } from "../platform-config";
import { mirroredImage } from "./images";
import { restrictedContainer, systemNodeSelector } from "./system-nodes";

/** Values of Velero: a scheduled backup of the Ray namespace to one bucket, volumes by snapshot. */
export function veleroValues(
  environment: EnvironmentConfig,
  imagePrefix: string,
  roleArn: string,
  backup: { readonly bucket: string; readonly schedule: string },
): object {
  const server = mirroredImage(environment, imagePrefix, "velero");
  const plugin = mirroredImage(environment, imagePrefix, "velero-plugin-for-aws");
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
      backupStorageLocation: [{ name: "default", provider: "aws", bucket: backup.bucket, config }],
      volumeSnapshotLocation: [{ name: "default", provider: "aws", config }],
    },
    credentials: { useSecret: false },
    serviceAccount: { server: { name: "velero", annotations: { "eks.amazonaws.com/role-arn": roleArn } } },
    schedules: {
      ray: { schedule: backup.schedule, template: { ttl: "720h", includedNamespaces: [environment.ray.namespace] } },
    },
    // These run an image of their own, which a closed network would have to mirror only for that.
    upgradeCRDs: false,
    cleanUpCRDs: false,
    nodeSelector: systemNodeSelector(environment),
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  };
}
