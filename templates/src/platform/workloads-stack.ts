// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { dirname, join } from "node:path";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { Release } from "@cdktf/provider-helm/lib/release";
import { AssetType, type App, Fn, TerraformAsset } from "cdktf";
import type { ClusterStack } from "./cluster-stack";
import type { EnvironmentConfig, PlatformConfig, WorkloadConfig } from "./platform-config";
import { PlatformStack } from "./platform-stack";
import { rayViolations } from "./ray/validation";
import { mirroredImage, registryPrefix } from "./workloads/images";
import { valuesOf } from "./workloads/workload-values";

/**
 * What runs in the cluster, as Helm releases. Needs a runner that reaches the private API, and `aws` on its path. The state
 * is apart from the cluster's, so that the Helm provider is configured from a cluster that exists.
 */
export class WorkloadsStack extends PlatformStack {
  /** Releases by the id of their workload, which is their name. */
  public readonly releases = new Map<string, Release>();

  constructor(app: App, platform: PlatformConfig, environment: EnvironmentConfig, cluster: ClusterStack) {
    super(app, platform, environment, "workloads");
    this.validate(() => rayViolations(environment));
    this.helmProvider(cluster);

    const imagePrefix = registryPrefix(environment, cluster.accountId);
    for (const id of Object.keys(environment.workloads)) {
      this.install(id, cluster, imagePrefix);
    }
  }

  /** A workload as a Helm release, after those that it names. */
  private install(id: string, cluster: ClusterStack, imagePrefix: string): Release {
    const installed = this.releases.get(id);
    if (installed !== undefined) {
      return installed;
    }
    const { environment } = this;
    const workload = environment.workloads[id] as WorkloadConfig;
    const dependsOn = workload.after.map((other) => this.install(other, cluster, imagePrefix));
    const values = valuesOf(id)({
      environment,
      workload,
      imagePrefix,
      image: (key) => {
        if (!workload.images.includes(key)) {
          throw new Error(`workload "${id}" asks for the image "${key}" and its record does not name it`);
        }
        return mirroredImage(environment, imagePrefix, key);
      },
      get roleArn() {
        const role = cluster.roles.workloads.get(id);
        if (role === undefined) {
          throw new Error(`workload "${id}" asks for a role and its record names none`);
        }
        return role.role.arn;
      },
      interruptionQueueUrl: cluster.queue.queue.url,
    });
    const release = new Release(this, id, {
      name: id,
      namespace: workload.namespace,
      ...(workload.chart ?? { chart: this.ownChart(id) }),
      values: [JSON.stringify(values)],
      createNamespace: false,
      atomic: true,
      cleanupOnFail: true,
      maxHistory: 5,
      timeout: 600,
      dependsOn,
    });
    this.releases.set(id, release);
    return release;
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

  /** Path of a chart of this repository's `helm` directory, copied beside the stack under the hash of its content. */
  private ownChart(name: string): string {
    const asset = new TerraformAsset(this, `${name}-chart`, {
      path: join(chartsDirectory(), name),
      type: AssetType.DIRECTORY,
    });
    return `./${asset.path}`;
  }
}

/** `helm/` of the repository, whether this file runs as source (`src/platform`) or compiled (`build/src/platform`). */
function chartsDirectory(): string {
  const root = dirname(dirname(__dirname));
  return join(root.endsWith("build") ? dirname(root) : root, "helm");
}
