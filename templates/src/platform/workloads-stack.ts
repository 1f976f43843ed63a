// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { dirname, join } from "node:path";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { Release } from "@cdktf/provider-helm/lib/release";
import { type App, TerraformLocal } from "cdktf";
import type { EnvironmentConfig, PlatformConfig, WorkloadConfig } from "./platform-config";
import { PlatformStack } from "./platform-stack";
import { rayReleaseTimeout } from "./ray/upgrade-guard";
import { CLUSTER_CONTRACT, type ClusterOutputs } from "./stack-contracts";
import { DeployedOutputs } from "./stack-outputs";
import { rayViolations } from "./ray/validation";
import { mirroredImage, registryPrefix } from "./workloads/images";
import { OwnChart } from "./workloads/own-chart";
import { type ValuesContext, valuesOf } from "./workloads/workload-values";

/** What the values of all workloads are made from alike. */
type SharedContext = Pick<
  ValuesContext,
  "environment" | "rayLimits" | "accountId" | "imagePrefix" | "interruptionQueueUrl"
>;

/**
 * What runs in the cluster, as Helm releases. Needs a runner that reaches the private API, and `aws` on its path. The state
 * is apart from the cluster's, so that the Helm provider is configured from a cluster that exists.
 */
export class WorkloadsStack extends PlatformStack {
  /** Releases by the id of their workload, which is their name. */
  public readonly releases = new Map<string, Release>();
  private readonly ownCharts: OwnChart[] = [];

  constructor(app: App, platform: PlatformConfig, environment: EnvironmentConfig) {
    super(app, platform, environment, "workloads");
    this.validate(() => rayViolations(environment));
    const cluster = new DeployedOutputs<ClusterOutputs>(this, environment, "cluster", CLUSTER_CONTRACT);
    this.helmProvider(cluster);
    const accountId = cluster.text("account_id");
    const imagePrefix = registryPrefix(environment, accountId);
    const interruptionQueueUrl = this.local("interruption-queue-url", cluster.entry("queue_urls", "interruption"));
    const context = { environment, rayLimits: platform.limits.ray, accountId, imagePrefix, interruptionQueueUrl };
    for (const id of Object.keys(environment.workloads)) {
      this.install(id, context, (workload) =>
        this.local(`${workload}-role-arn`, cluster.entry("workload_role_arns", workload)),
      );
    }
  }

  /** Writes what Terraform installs from next to the stack, once it is synthesized. */
  public writeCharts(outdir: string): void {
    for (const chart of this.ownCharts) {
      chart.write(join(outdir, "stacks", this.node.id));
    }
  }

  /** A workload as a Helm release, after those that it names. */
  private install(id: string, context: SharedContext, roleArnOf: (id: string) => string): Release {
    const installed = this.releases.get(id);
    if (installed !== undefined) {
      return installed;
    }
    const { environment, imagePrefix } = context;
    const workload = environment.workloads[id] as WorkloadConfig;
    const dependsOn = workload.after.map((other) => this.install(other, context, roleArnOf));
    const values = valuesOf(id)({
      ...context,
      workload,
      image: (key) => {
        if (!workload.images.includes(key)) {
          throw new Error(`workload "${id}" asks for the image "${key}" and its record does not name it`);
        }
        return mirroredImage(environment, imagePrefix, key);
      },
      get roleArn() {
        if (workload.role === null) {
          throw new Error(`workload "${id}" asks for a role and its record names none`);
        }
        return roleArnOf(id);
      },
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
      timeout: id === "ray" ? rayReleaseTimeout(this.environment) : 600,
      dependsOn,
    });
    this.releases.set(id, release);
    return release;
  }

  /** A name for an expression: values are JSON in a text, and the quotes of a function's arguments would end its strings. */
  private local(name: string, expression: string): string {
    const made = this.node.tryFindChild(name) as TerraformLocal | undefined;
    return (made ?? new TerraformLocal(this, name, expression)).asString;
  }

  private helmProvider(cluster: DeployedOutputs<ClusterOutputs>): void {
    new HelmProvider(this, "helm", {
      kubernetes: {
        host: cluster.text("cluster_endpoint"),
        clusterCaCertificate: cluster.text("cluster_certificate_authority"),
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

  /** Path of a chart of this repository's `helm` directory. */
  private ownChart(name: string): string {
    const chart = new OwnChart(this, `${name}-chart`, join(chartsDirectory(), name));
    this.ownCharts.push(chart);
    return `./${chart.path}`;
  }
}

/** `helm/` of the repository, whether this file runs as source (`src/platform`) or compiled (`build/src/platform`). */
function chartsDirectory(): string {
  const root = dirname(dirname(__dirname));
  return join(root.endsWith("build") ? dirname(root) : root, "helm");
}
