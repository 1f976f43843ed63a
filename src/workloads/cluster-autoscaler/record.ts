// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { AFTER_MONITORING } from "../after-monitoring";
import { KUBE_SYSTEM } from "../namespaces";
import type { WorkloadRecord } from "../workload-record";

export const clusterAutoscaler: WorkloadRecord = {
  id: "cluster-autoscaler",
  purpose: "adds and removes nodes",
  isOn: () => true,
  chart: "pinned",
  images: ["cluster-autoscaler"],
  namespace: KUBE_SYSTEM,
  after: AFTER_MONITORING,
  endpoints: ["autoscaling", "ec2", "eks", "sts"],
  role: {
    name: "autoscaler",
    serviceAccount: "cluster-autoscaler",
    permits: "describe groups and instance types; scale and terminate in this cluster's groups",
    // Describe what it must; scale and terminate only in groups that carry this cluster's tag (control IRSA-02).
    statements: [
      {
        sid: "Describe",
        actions: [
          "autoscaling:DescribeAutoScalingGroups",
          "autoscaling:DescribeAutoScalingInstances",
          "autoscaling:DescribeLaunchConfigurations",
          "autoscaling:DescribeScalingActivities",
          "autoscaling:DescribeTags",
          "ec2:DescribeImages",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeLaunchTemplateVersions",
          "ec2:GetInstanceTypesFromInstanceRequirements",
        ],
        resources: ["*"],
      },
      {
        sid: "DescribeNodeGroups",
        actions: ["eks:DescribeNodegroup"],
        resources: ["arn:{partition}:eks:{region}:{account}:nodegroup/{cluster}/*"],
      },
      {
        sid: "Scale",
        actions: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        resources: ["arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/eks-*"],
        condition: { StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster}": "owned" } },
      },
    ],
  },
};
