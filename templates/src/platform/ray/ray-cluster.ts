// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EnvironmentConfig, RayWorkerGroupConfig } from "../platform-config";
import { rayImage } from "../workloads/images";
import { poolsOf, rayPodTemplate } from "./pod-template";
import { containerSecurityContext } from "./security-context";
import { workerGracePeriodSeconds, workerLifecycle } from "./worker-drain";

/** Label of the pods of a RayService or RayJob: its name, since KubeRay makes up the names of their clusters. */
export const instanceLabel = "app.kubernetes.io/instance";

/** What KubeRay makes a cluster for. */
export interface ClusterOwner {
  readonly kind: "RayService" | "RayJob";
  readonly name: string;
}

/**
 * `spec` of the RayCluster (`ray.io/v1`), which a RayService has as `rayClusterConfig` and a RayJob as `rayClusterSpec`.
 *
 * KubeRay makes up the name of a RayService's or RayJob's cluster, and names service account and token secret after it. A
 * RayService has a new cluster with each upgrade, so what people bind to gets its own, fixed name there: not the RayCluster's,
 * whose account and secret are KubeRay's and would stand in the way where a RayService takes a RayCluster's place.
 *
 * @param owner the RayService or RayJob whose cluster this is; null for a RayCluster, whose name is fixed
 */
export function rayClusterSpec(
  environment: EnvironmentConfig,
  imagePrefix: string,
  owner: ClusterOwner | null,
): object {
  const instanceLabels: Record<string, string> = owner === null ? {} : { [instanceLabel]: owner.name };
  const fixedName = owner?.kind === "RayService" ? `${owner.name}-service` : null;
  const { ray } = environment;
  return {
    rayVersion: ray.version,
    // Control RAY-01. KubeRay makes the token, unless the chart keeps one, and gives it to the pods.
    ...(ray.tokenAuth ? { authOptions: { mode: "token", secretName: fixedName ?? undefined } } : {}),
    ...(ray.autoscaler.enabled
      ? {
          enableInTreeAutoscaling: true,
          autoscalerOptions: {
            version: "v2",
            upscalingMode: "Default",
            idleTimeoutSeconds: ray.autoscaler.idleTimeoutSeconds,
            resources: autoscalerResources(environment),
            securityContext: containerSecurityContext,
          },
        }
      : {}),
    ...(ray.gcsFaultTolerance === null
      ? {}
      : {
          gcsFaultToleranceOptions: {
            redisAddress: ray.gcsFaultTolerance.redisAddress,
            ...(ray.gcsFaultTolerance.passwordSecret === null
              ? {}
              : {
                  redisPassword: {
                    valueFrom: { secretKeyRef: { name: ray.gcsFaultTolerance.passwordSecret, key: "password" } },
                  },
                }),
          },
        }),
    headGroupSpec: {
      serviceType: "ClusterIP",
      // No work on the head: losing it loses the cluster.
      rayStartParams: { "num-cpus": "0", "dashboard-host": "0.0.0.0" },
      template: rayPodTemplate({
        environment,
        poolGroup: ray.head.poolGroup,
        containerName: "ray-head",
        image: rayImage(environment, imagePrefix, ray.head.image),
        labels: { "ray.io/node-type": "head", ...instanceLabels },
        annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
        resources: { cpu: String(ray.head.cpu), memory: `${ray.head.memoryGib}Gi` },
        ports: [
          { name: "gcs-server", containerPort: 6379 },
          { name: "dashboard", containerPort: 8265 },
          { name: "client", containerPort: 10001 },
          { name: "metrics", containerPort: 8080 },
          { name: "serve", containerPort: 8000 },
        ],
        mountsToken: ray.autoscaler.enabled,
        serviceAccountName: ray.autoscaler.enabled && fixedName !== null ? fixedName : undefined,
        identity: ray.head.serviceAccount,
        keepsFiles: true,
      }),
    },
    workerGroupSpecs: ray.workerGroups.map((group) => workerGroupSpec(environment, imagePrefix, group, instanceLabels)),
  };
}

/** What the autoscaler sidecar of the head asks for, and may use at most. */
function autoscalerResources({ ray }: EnvironmentConfig): object {
  const { cpu, memoryGib } = ray.autoscaler;
  const resources = { cpu: `${cpu * 1000}m`, memory: `${memoryGib * 1024}Mi` };
  return { requests: resources, limits: resources };
}

function workerGroupSpec(
  environment: EnvironmentConfig,
  imagePrefix: string,
  group: RayWorkerGroupConfig,
  instanceLabels: Readonly<Record<string, string>>,
): object {
  return {
    groupName: group.name,
    minReplicas: group.minReplicas,
    replicas: group.replicas,
    maxReplicas: group.maxReplicas,
    numOfHosts: group.numOfHosts,
    rayStartParams: { ...group.rayStartParams },
    template: rayPodTemplate({
      environment,
      poolGroup: group.poolGroup,
      containerName: "ray-worker",
      image: rayImage(environment, imagePrefix, group.image),
      labels: { "ray.io/node-type": "worker", ...instanceLabels },
      resources: {
        cpu: String(group.cpu),
        memory: `${group.memoryGib}Gi`,
        ...(group.gpus > 0 ? { "nvidia.com/gpu": String(group.gpus) } : {}),
        ...efa(environment, group),
      },
      ports: [
        { name: "metrics", containerPort: 8080 },
        { name: "serve", containerPort: 8000 },
      ],
      mountsToken: false,
      lifecycle: workerLifecycle,
      terminationGracePeriodSeconds: workerGracePeriodSeconds,
      identity: group.serviceAccount,
      keepsFiles: true,
    }),
  };
}

/** A worker that takes a whole EFA node takes its interfaces too. */
function efa(environment: EnvironmentConfig, group: RayWorkerGroupConfig): Record<string, string> {
  const pool = poolsOf(environment, group.poolGroup)[0];
  return pool !== undefined && pool.efaInterfaces > 0 && group.gpus === pool.node.gpus
    ? { "vpc.amazonaws.com/efa": String(pool.efaInterfaces) }
    : {};
}
