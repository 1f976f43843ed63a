// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { clusterTag } from "../cluster-tag";
import { networkInterfaceStatements } from "../network-interface-statements";
import { partitionOf } from "../partition";
import type { EnvironmentConfig } from "../platform-config";
import type { PolicyStatement } from "../policy-document";

/** Tag that the EBS CSI driver puts on every volume and snapshot it makes. */
export function volumeTag(clusterName: string): Readonly<Record<string, string>> {
  return { [clusterTag]: clusterName };
}

interface ClusterScope {
  readonly environment: EnvironmentConfig;
  readonly accountId: string;
}

const arnIn = ({ environment: { region }, accountId }: ClusterScope, service: string, resource: string): string =>
  `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;

/** The VPC CNI's policy scoped to one cluster, as its own documentation gives it (docs/iam-policy.md; control IRSA-05). */
export function vpcCniStatements(scope: ClusterScope & { readonly vpcId: string }): PolicyStatement[] {
  const { name } = scope.environment.cluster;
  const interfaces = networkInterfaceStatements(name, arnIn(scope, "ec2", "network-interface/*"));
  return [
    {
      Sid: "Describe",
      Effect: "Allow",
      Action: [
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
      ],
      Resource: "*",
    },
    interfaces.tag,
    interfaces.create,
    {
      Sid: "CreateInterfacesInVpc",
      Effect: "Allow",
      Action: "ec2:CreateNetworkInterface",
      Resource: [arnIn(scope, "ec2", "subnet/*"), arnIn(scope, "ec2", "security-group/*")],
      Condition: { ArnEquals: { "ec2:Vpc": arnIn(scope, "ec2", `vpc/${scope.vpcId}`) } },
    },
    interfaces.manage,
    {
      Sid: "AttachToNodes",
      Effect: "Allow",
      Action: ["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute"],
      Resource: arnIn(scope, "ec2", "instance/*"),
      Condition: { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${name}`]: "owned" } },
    },
    {
      Sid: "UseSecurityGroups",
      Effect: "Allow",
      Action: "ec2:ModifyNetworkInterfaceAttribute",
      Resource: arnIn(scope, "ec2", "security-group/*"),
      Condition: { ArnEquals: { "ec2:Vpc": arnIn(scope, "ec2", `vpc/${scope.vpcId}`) } },
    },
  ];
}

/** Volumes and snapshots that carry this cluster's tag, and this cluster's instances (control IRSA-05). */
export function ebsCsiStatements(scope: ClusterScope): PolicyStatement[] {
  const { name } = scope.environment.cluster;
  const partition = partitionOf(scope.environment.region);
  const volumes = arnIn(scope, "ec2", "volume/*");
  // Snapshots have no account in their ARN.
  const snapshots = `arn:${partition}:ec2:${scope.environment.region}::snapshot/*`;
  const [tagKey, tagValue] = Object.entries(volumeTag(name))[0] as [string, string];
  const requested = { StringEquals: { [`aws:RequestTag/${tagKey}`]: tagValue } };
  const owned = { StringEquals: { [`aws:ResourceTag/${tagKey}`]: tagValue } };
  return [
    {
      Sid: "Describe",
      Effect: "Allow",
      Action: [
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstances",
        "ec2:DescribeSnapshots",
        "ec2:DescribeTags",
        "ec2:DescribeVolumeStatus",
        "ec2:DescribeVolumes",
        "ec2:DescribeVolumesModifications",
      ],
      Resource: "*",
    },
    { Sid: "CreateVolumes", Effect: "Allow", Action: "ec2:CreateVolume", Resource: volumes, Condition: requested },
    { Sid: "RestoreSnapshots", Effect: "Allow", Action: "ec2:CreateVolume", Resource: snapshots, Condition: owned },
    {
      Sid: "ManageVolumes",
      Effect: "Allow",
      Action: ["ec2:AttachVolume", "ec2:DeleteVolume", "ec2:DetachVolume", "ec2:ModifyVolume"],
      Resource: volumes,
      Condition: owned,
    },
    {
      Sid: "AttachToNodes",
      Effect: "Allow",
      Action: ["ec2:AttachVolume", "ec2:DetachVolume"],
      Resource: arnIn(scope, "ec2", "instance/*"),
      Condition: { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${name}`]: "owned" } },
    },
    { Sid: "SnapshotVolumes", Effect: "Allow", Action: "ec2:CreateSnapshot", Resource: volumes, Condition: owned },
    {
      Sid: "CreateSnapshots",
      Effect: "Allow",
      Action: "ec2:CreateSnapshot",
      Resource: snapshots,
      Condition: requested,
    },
    { Sid: "DeleteSnapshots", Effect: "Allow", Action: "ec2:DeleteSnapshot", Resource: snapshots, Condition: owned },
    {
      Sid: "TagAtCreation",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: [volumes, snapshots],
      Condition: { StringEquals: { "ec2:CreateAction": ["CreateVolume", "CreateSnapshot"] } },
    },
  ];
}
