// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * NodeConfig for nodeadm as base64 MIME, the only form of user data that EKS merges with its own on AL2023.
 *
 * @param nodeConfig what of `node.eks.aws/v1alpha1` to set; EKS supplies the cluster's part
 */
export function nodeConfigUserData(nodeConfig: Readonly<Record<string, unknown>>): string {
  const boundary = "//";
  const document = { apiVersion: "node.eks.aws/v1alpha1", kind: "NodeConfig", ...nodeConfig };
  const mime = [
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: application/node.eks.aws",
    "",
    JSON.stringify(document, null, 2),
    "",
    `--${boundary}--`,
    "",
  ].join("\n");
  return Buffer.from(mime).toString("base64");
}
