// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { AFTER_MONITORING } from "../after-monitoring";
import type { WorkloadRecord } from "../workload-record";

const SNAPSHOTS = "arn:{partition}:ec2:{region}::snapshot/*"; // without an account
const VOLUMES = "arn:{partition}:ec2:{region}:{account}:volume/*";
/** The tag that the EBS CSI driver gives what it makes. */
const OWNED = { StringEquals: { "aws:ResourceTag/ray-platform/cluster": "{cluster}" } };
/** Velero gives a snapshot the tags of its volume, and a volume those of its snapshot. */
const BECOMES_OWNED = { StringEquals: { "aws:RequestTag/ray-platform/cluster": "{cluster}" } };

export const velero: WorkloadRecord = {
  id: "velero",
  purpose: "nightly backups of the Ray namespace",
  isOn: ({ settings }) => settings.backupBucket !== undefined,
  chart: "pinned",
  images: ["velero", "velero-plugin-for-aws"],
  namespace: {
    name: "velero",
    podSecurity: "baseline",
    reason: "Velero's plugin container sets no seccomp profile",
  },
  after: AFTER_MONITORING,
  endpoints: ["ec2", "sts"],
  settings: ({ settings }) => ({ bucket: settings.backupBucket ?? "", schedule: "0 3 * * *" }),
  role: {
    name: "velero",
    serviceAccount: "velero",
    permits: "objects of the bucket `{bucket}`; snapshots",
    // One bucket, and snapshots of this cluster's volumes.
    statements: [
      { sid: "Describe", actions: ["ec2:DescribeSnapshots", "ec2:DescribeVolumes"], resources: ["*"] },
      { sid: "ListBackups", actions: ["s3:ListBucket"], resources: ["arn:{partition}:s3:::{bucket}"] },
      {
        sid: "ManageBackups",
        actions: [
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:GetObject",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
        ],
        resources: ["arn:{partition}:s3:::{bucket}/*"],
      },
      { sid: "SnapshotVolumes", actions: ["ec2:CreateSnapshot"], resources: [VOLUMES], condition: OWNED },
      { sid: "CreateSnapshots", actions: ["ec2:CreateSnapshot"], resources: [SNAPSHOTS], condition: BECOMES_OWNED },
      { sid: "DeleteSnapshots", actions: ["ec2:DeleteSnapshot"], resources: [SNAPSHOTS], condition: OWNED },
      { sid: "RestoreVolumes", actions: ["ec2:CreateVolume"], resources: [VOLUMES], condition: BECOMES_OWNED },
      { sid: "RestoreSnapshots", actions: ["ec2:CreateVolume"], resources: [SNAPSHOTS], condition: OWNED },
      {
        sid: "TagAtCreation",
        actions: ["ec2:CreateTags"],
        resources: [VOLUMES, SNAPSHOTS],
        condition: { StringEquals: { "ec2:CreateAction": ["CreateVolume", "CreateSnapshot"] } },
      },
    ],
  },
};
