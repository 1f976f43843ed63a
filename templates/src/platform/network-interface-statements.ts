// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { PolicyStatement } from "./policy-document";

/** Tag that the VPC CNI puts on every interface it makes. */
const INTERFACE_TAG = "cluster.k8s.amazonaws.com/name";

/** What the VPC CNI does with the interfaces of a cluster's pods, for its role and for the boundary of roles. */
export function networkInterfaceStatements(
  clusterName: string,
  interfaces: string,
): Readonly<Record<"create" | "tag" | "manage", PolicyStatement>> {
  return {
    create: {
      Sid: "CreateInterfaces",
      Effect: "Allow",
      Action: "ec2:CreateNetworkInterface",
      Resource: interfaces,
      Condition: { StringEquals: { [`aws:RequestTag/${INTERFACE_TAG}`]: clusterName } },
    },
    // An interface has no tag before its first.
    tag: { Sid: "TagInterfaces", Effect: "Allow", Action: "ec2:CreateTags", Resource: interfaces },
    manage: {
      Sid: "ManageInterfaces",
      Effect: "Allow",
      Action: [
        "ec2:AssignPrivateIpAddresses",
        "ec2:AttachNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DetachNetworkInterface",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:UnassignPrivateIpAddresses",
      ],
      Resource: interfaces,
      Condition: { StringEquals: { [`aws:ResourceTag/${INTERFACE_TAG}`]: clusterName } },
    },
  };
}
