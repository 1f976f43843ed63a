// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
export * from "./options/accelerator";
export * from "./options/access-options";
export * from "./options/additional-pool-options";
export * from "./options/capacity-type";
export * from "./options/cluster-options";
export * from "./options/document-options";
export * from "./options/engine";
export * from "./options/environment-options";
export * from "./options/environment-settings";
export * from "./options/gpu-pool-options";
export * from "./options/image-options";
export * from "./options/nat-mode";
export * from "./options/network-options";
export * from "./options/node-os";
export * from "./options/node-pool-options";
export * from "./options/policy-limit-options";
export * from "./options/ray-egress-options";
export * from "./options/ray-options";
export * from "./options/ray-platform-project-options";
export * from "./options/ray-upgrade";
export * from "./options/ray-worker-group-options";
export * from "./options/s3-access";
export * from "./options/service-upgrade";
export * from "./options/state-options";
export * from "./options/workflow-options";
export * from "./ray-platform-project";
