// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Break } from "./break";
import { cluster } from "./tampering";

/** The cluster. */
export const clusterBreaks: readonly Break[] = [
  {
    red: "EKS-01",
    how: "the private endpoint is off",
    apply: (p) => {
      cluster(p).vpc_config.endpoint_private_access = false;
    },
  },
  {
    red: "EKS-01",
    how: "the private endpoint is left to the provider",
    apply: (p) => {
      delete cluster(p).vpc_config.endpoint_private_access;
    },
  },
  {
    red: "EKS-01",
    how: "a variable decides on the private endpoint",
    apply: (p) => {
      cluster(p).vpc_config.endpoint_private_access = "${var.private}";
    },
  },
  {
    red: "EKS-02",
    how: "the public endpoint is on",
    apply: (p) => {
      cluster(p).vpc_config.endpoint_public_access = true;
    },
  },
  {
    red: "EKS-02",
    how: "the public endpoint is left to the provider, which opens it",
    apply: (p) => {
      delete cluster(p).vpc_config.endpoint_public_access;
    },
  },
  {
    red: "EKS-02",
    how: "the public endpoint admits a network that no option names",
    on: "public endpoint",
    apply: (p) => cluster(p).vpc_config.public_access_cidrs.push("203.0.113.0/24"),
  },
  {
    red: "EKS-02",
    how: "the public endpoint admits everybody",
    on: "public endpoint",
    apply: (p) => {
      cluster(p).vpc_config.public_access_cidrs = ["0.0.0.0/0"];
    },
  },
  {
    red: "EKS-03",
    how: "the audit log is off",
    apply: (p) => {
      cluster(p).enabled_cluster_log_types = ["api"];
    },
  },
  { red: "EKS-03", how: "one of five logs is off", apply: (p) => cluster(p).enabled_cluster_log_types.pop() },
  {
    red: "EKS-03",
    how: "no log is sent",
    apply: (p) => {
      cluster(p).enabled_cluster_log_types = [];
    },
  },
  {
    red: "EKS-04",
    how: "the creator is an administrator",
    apply: (p) => {
      cluster(p).access_config.bootstrap_cluster_creator_admin_permissions = true;
    },
  },
  {
    red: "EKS-04",
    how: "a config map admits people too",
    apply: (p) => {
      cluster(p).access_config.authentication_mode = "API_AND_CONFIG_MAP";
    },
  },
  {
    red: "EKS-04",
    how: "access is left to the provider",
    apply: (p) => {
      delete cluster(p).access_config;
    },
  },
];
