// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { App } from "cdktf";
import { BootstrapStack } from "./bootstrap-stack";
import { ClusterStack } from "./cluster-stack";
import { NetworkStack } from "./network-stack";
import type { EnvironmentConfig, PlatformConfig } from "./platform-config";
import { WorkloadsStack } from "./workloads-stack";

/** The stacks of one environment, as `extensions.ts` receives them. */
export interface PlatformStacks {
  readonly environment: EnvironmentConfig;
  /** State bucket and GitHub's roles; applied once by an administrator. */
  readonly bootstrap: BootstrapStack;
  /** Absent when the options name an existing VPC. */
  readonly network: NetworkStack | undefined;
  readonly cluster: ClusterStack;
  readonly workloads: WorkloadsStack;
}

/** Builds `<env>-bootstrap`, `<env>-network`, `<env>-cluster` and `<env>-workloads` for each environment. */
export function buildPlatform(
  app: App,
  platform: PlatformConfig,
  extend: (stacks: PlatformStacks) => void = () => {},
): PlatformStacks[] {
  return platform.environments.map((environment) => {
    const bootstrap = new BootstrapStack(app, platform, environment);
    const network = environment.network.mode === "created" ? new NetworkStack(app, platform, environment) : undefined;
    const cluster = new ClusterStack(app, platform, environment);
    if (network !== undefined) {
      cluster.addDependency(network);
    }
    const workloads = new WorkloadsStack(app, platform, environment);
    workloads.addDependency(cluster);
    const stacks = { environment, bootstrap, network, cluster, workloads };
    extend(stacks);
    return stacks;
  });
}
