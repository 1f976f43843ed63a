// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { dirname, join } from "node:path";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { Release } from "@cdktf/provider-helm/lib/release";
import { AssetType, type App, Fn, type ITerraformDependable, TerraformAsset } from "cdktf";
import type { ClusterStack } from "./cluster-stack";
import type { EnvironmentConfig, PlatformConfig } from "./platform-config";
import { PlatformStack } from "./platform-stack";
import { rayChartValues } from "./ray/ray-chart-values";
import { rayViolations } from "./ray/validation";
import { clusterAutoscalerValues } from "./workloads/cluster-autoscaler-values";
import { dcgmExporterValues, devicePluginValues, efaDevicePluginValues } from "./workloads/gpu-values";
import { registryPrefix } from "./workloads/images";
import { kuberayOperatorValues } from "./workloads/kuberay-operator-values";
import { monitoringValues } from "./workloads/monitoring-values";
import { platformNamespaces } from "./workloads/namespaces";
import { terminationHandlerValues } from "./workloads/termination-handler-values";
import { veleroValues } from "./workloads/velero-values";

interface ReleaseOptions {
  readonly namespace: string;
  readonly values: object;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * What runs in the cluster, as Helm releases. Needs a runner that reaches the private API, and `aws` on its path. The state
 * is apart from the cluster's, so that the Helm provider is configured from a cluster that exists.
 */
export class WorkloadsStack extends PlatformStack {
  /** Releases by name. */
  public readonly releases = new Map<string, Release>();

  constructor(app: App, platform: PlatformConfig, environment: EnvironmentConfig, cluster: ClusterStack) {
    super(app, platform, environment, "workloads");
    this.validate(() => rayViolations(environment));
    this.helmProvider(cluster);

    const { workloads, ray } = environment;
    const imagePrefix = registryPrefix(environment, cluster.accountId);
    const base = this.localChart("cluster-base", {
      namespace: "kube-system",
      values: { namespaces: platformNamespaces(environment), clusterVersion: environment.cluster.version },
      dependsOn: [],
    });

    const monitoring = workloads.monitoring
      ? [
          this.chart("kube-prometheus-stack", {
            namespace: "monitoring",
            values: monitoringValues(environment, imagePrefix),
            dependsOn: [base],
          }),
        ]
      : [];
    // Monitors are resources of the operator that the stack above brings.
    const afterBase = [base, ...monitoring];

    this.chart("cluster-autoscaler", {
      namespace: "kube-system",
      values: clusterAutoscalerValues(environment, imagePrefix, cluster.roles.clusterAutoscaler.role.arn),
      dependsOn: afterBase,
    });
    this.chart("aws-node-termination-handler", {
      namespace: "kube-system",
      values: terminationHandlerValues(
        environment,
        imagePrefix,
        cluster.roles.terminationHandler.role.arn,
        cluster.queue.queue.url,
      ),
      dependsOn: afterBase,
    });
    if (environment.pools.some((pool) => pool.node.gpus > 0)) {
      this.chart("nvidia-device-plugin", {
        namespace: "gpu-system",
        values: devicePluginValues(environment, imagePrefix),
        dependsOn: afterBase,
      });
      this.chart("dcgm-exporter", {
        namespace: "gpu-system",
        values: dcgmExporterValues(environment, imagePrefix),
        dependsOn: afterBase,
      });
    }
    if (environment.pools.some((pool) => pool.efaInterfaces > 0)) {
      this.chart("aws-efa-k8s-device-plugin", {
        namespace: "gpu-system",
        values: efaDevicePluginValues(environment, imagePrefix),
        dependsOn: afterBase,
      });
    }
    if (workloads.backup !== null && cluster.roles.velero !== undefined) {
      this.chart("velero", {
        namespace: "velero",
        values: veleroValues(environment, imagePrefix, cluster.roles.velero.role.arn, workloads.backup),
        dependsOn: afterBase,
      });
    }
    const operator = this.chart("kuberay-operator", {
      namespace: "kuberay-system",
      values: kuberayOperatorValues(environment, imagePrefix),
      dependsOn: afterBase,
    });
    this.localChart("ray", {
      namespace: ray.namespace,
      values: rayChartValues(environment, imagePrefix),
      dependsOn: [operator],
    });
  }

  private helmProvider(cluster: ClusterStack): void {
    const eks = cluster.controlPlane.cluster;
    new HelmProvider(this, "helm", {
      kubernetes: {
        host: eks.endpoint,
        clusterCaCertificate: Fn.base64decode(eks.certificateAuthority.get(0).data),
        exec: {
          apiVersion: "client.authentication.k8s.io/v1beta1",
          command: "aws",
          args: [
            "eks",
            "get-token",
            "--cluster-name",
            this.environment.cluster.name,
            "--region",
            this.environment.region,
          ],
        },
      },
    });
  }

  /** A pinned chart of `workloads.charts`. */
  private chart(key: string, options: ReleaseOptions): Release {
    const chart = this.environment.workloads.charts[key];
    if (chart === undefined) {
      throw new Error(`environment "${this.environment.name}" workloads.charts has no "${key}"; run \`npx projen\``);
    }
    return this.release(key, { chart: chart.chart, repository: chart.repository, version: chart.version }, options);
  }

  /** A chart of this repository's `helm` directory, copied beside the stack under the hash of its content. */
  private localChart(name: string, options: ReleaseOptions): Release {
    const asset = new TerraformAsset(this, `${name}-chart`, {
      path: join(chartsDirectory(), name),
      type: AssetType.DIRECTORY,
    });
    return this.release(name, { chart: `./${asset.path}` }, options);
  }

  private release(
    name: string,
    chart: { chart: string; repository?: string; version?: string },
    { namespace, values, dependsOn }: ReleaseOptions,
  ): Release {
    const release = new Release(this, name, {
      name,
      namespace,
      ...chart,
      values: [JSON.stringify(values)],
      createNamespace: false,
      atomic: true,
      cleanupOnFail: true,
      maxHistory: 5,
      timeout: 600,
      dependsOn,
    });
    this.releases.set(name, release);
    return release;
  }
}

/** `helm/` of the repository, whether this file runs as source (`src/platform`) or compiled (`build/src/platform`). */
function chartsDirectory(): string {
  const root = dirname(dirname(__dirname));
  return join(root.endsWith("build") ? dirname(root) : root, "helm");
}
