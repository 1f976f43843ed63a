// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { Entries } from "./stack-outputs";

/** What `<env>-network` tells later stacks. */
export type NetworkOutputs = {
  readonly vpc_id: string;
  /** Private subnets by zone. */
  readonly node_subnet_ids: Entries;
  /** Prefix lists of gateway endpoints by service, such as `s3`. */
  readonly prefix_list_ids: Entries;
};

/** What `<env>-cluster` tells later stacks. */
export type ClusterOutputs = {
  readonly account_id: string;
  readonly cluster_name: string;
  readonly cluster_endpoint: string;
  /** PEM. */
  readonly cluster_certificate_authority: string;
  /** Roles of workloads by the workload's id, such as `cluster-autoscaler`. */
  readonly workload_role_arns: Entries;
  /** Queues by purpose, such as `interruption`. */
  readonly queue_urls: Entries;
};

/** What `<env>-bootstrap` tells who applied it. */
export type BootstrapOutputs = {
  readonly state_bucket: string;
  /** Roles that GitHub Actions assumes, by purpose, such as `plan`. */
  readonly github_role_arns: Entries;
  /** Roles that people assume, by kind, such as `administrator`. */
  readonly people_role_arns: Entries;
};

// What is read where the deployed version of a stack has no such output. A name that is added here needs nothing more.
export const NETWORK_CONTRACT: NetworkOutputs = { vpc_id: "", node_subnet_ids: {}, prefix_list_ids: {} };
export const CLUSTER_CONTRACT: ClusterOutputs = {
  account_id: "",
  cluster_name: "",
  cluster_endpoint: "",
  cluster_certificate_authority: "",
  workload_role_arns: {},
  queue_urls: {},
};
