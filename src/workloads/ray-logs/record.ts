// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { WorkloadRecord } from "../workload-record";

/** Keeps what Ray's pods log, and the events of their namespace, in the bucket that the bootstrap stack makes. */
export const rayLogs: WorkloadRecord = {
  id: "ray-logs",
  purpose: "logs and events of Ray, kept in a bucket",
  isOn: ({ settings }) => settings.ray?.logRetentionDays !== undefined,
  chart: "own",
  images: ["fluent-bit"],
  namespace: {
    name: "ray-logs",
    podSecurity: "privileged",
    reason: "the log collector reads the files that Ray's pods leave on the nodes",
  },
  // Before Ray, so that the first pod's logs are kept too.
  after: ["cluster-base"],
  endpoints: ["sts"],
  daemonSet: { cpuMillis: 50, memoryMib: 128 },
  role: {
    name: "ray-logs",
    serviceAccount: "ray-logs",
    permits: "write objects to the bucket `{logBucket}`; neither read nor delete any",
    statements: [
      { sid: "WriteLogs", actions: ["s3:PutObject"], resources: ["arn:{partition}:s3:::{logBucket}/*"] },
      {
        sid: "EncryptLogs",
        actions: ["kms:GenerateDataKey"],
        resources: ["arn:{partition}:kms:{region}:{account}:key/*"],
        condition: {
          StringEquals: { "kms:ViaService": "s3.{region}.{dnsSuffix}" },
          "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/{logKeyAlias}" },
        },
      },
    ],
  },
};
