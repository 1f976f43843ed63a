// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { AFTER_MONITORING } from "../after-monitoring";
import { KUBE_SYSTEM } from "../namespaces";
import type { WorkloadRecord } from "../workload-record";

export const awsNodeTerminationHandler: WorkloadRecord = {
  id: "aws-node-termination-handler",
  purpose: "drains nodes that AWS is about to take back",
  isOn: () => true,
  chart: "pinned",
  images: ["aws-node-termination-handler"],
  namespace: KUBE_SYSTEM,
  after: AFTER_MONITORING,
  endpoints: ["autoscaling", "ec2", "sqs", "sts"],
  role: {
    name: "nth",
    address: "termination-handler",
    serviceAccount: "aws-node-termination-handler",
    permits:
      "receive and delete messages of this cluster's queue; describe instances; complete lifecycle actions of this cluster's groups",
    // Receive and delete on one queue; complete lifecycle actions of this cluster's groups (control IRSA-03).
    statements: [
      {
        sid: "Describe",
        actions: ["autoscaling:DescribeAutoScalingInstances", "autoscaling:DescribeTags", "ec2:DescribeInstances"],
        resources: ["*"],
      },
      {
        sid: "ReceiveEvents",
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
        resources: ["{interruptionQueueArn}"],
      },
      {
        sid: "CompleteLifecycle",
        actions: ["autoscaling:CompleteLifecycleAction"],
        resources: ["arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/eks-*"],
        condition: { StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster}": "owned" } },
      },
    ],
  },
};
