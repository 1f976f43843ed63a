// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Options } from "../resolve";

export const KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555";
export const ROLE = "arn:aws:iam::111122223333:role/admin";
export const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
export const RESERVATION = "cr-0123456789abcdef0";
export const SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
export const VPC = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: SUBNETS,
  availabilityZones: ["us-east-1a", "us-east-1b"],
  vpcCidr: "10.9.0.0/16",
};
export const many = (count: number, name: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${index}`, "x"]));
export const group = (options: object): Options => ({
  ray: { workerGroups: [{ name: "workers", pool: "cpu", ...options }] },
});
export const gpuGroup = (options: object): Options => ({
  ray: { workerGroups: [{ name: "workers", pool: "gpu", ...options }] },
});
export const bucket = (options: object): Options => ({
  ray: { data: { buckets: [{ name: "acme-data", ...options }] } },
});
export const rayPolicy = (options: object): Options => ({
  ray: {
    data: {
      policies: [
        { actions: ["dynamodb:GetItem"], resources: ["arn:aws:dynamodb:us-east-1:111122223333:table/x"], ...options },
      ],
    },
  },
});
/** Data with a bucket of that many long prefixes. */
export const many64 = (count: number) => ({
  buckets: [{ name: "acme-data", prefixes: Array.from({ length: count }, (_, index) => `${"p".repeat(60)}${index}/`) }],
});
export const BOUNDARY = "arn:aws:iam::111122223333:policy/boundary";
export const pool = (options: object): Options => ({
  pools: [{ name: "large", instanceTypes: ["m5.2xlarge"], ...options }],
});
