// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resources } from "../synthesize";
import type { Row } from "./subject";

/** The door of Ray, and the state of Terraform. */
export const rayAndState: readonly Row[] = [
  {
    id: "RAY-01",
    holds: ({ values }) => {
      expect(values.rayCluster.spec.authOptions).toEqual({ mode: "token" });
    },
    breaks: {
      "no token": ({ values }) => {
        delete values.rayCluster.spec.authOptions;
      },
    },
  },
  {
    id: "STATE-01",
    holds: ({ bootstrap, network, cluster, workloads }) => {
      for (const stack of [network, cluster, workloads]) {
        expect(stack.terraform.backend.s3).toMatchObject({ bucket: expect.any(String), use_lockfile: true });
        // With `encrypt` alone the backend would ask for AES256 instead of the bucket's key.
        expect(stack.terraform.backend.s3.encrypt).toBeUndefined();
      }
      expect(network.terraform.backend.s3.bucket).toBe(resources(bootstrap, "aws_s3_bucket")[0].bucket);
      const [{ rule }] = resources(bootstrap, "aws_s3_bucket_server_side_encryption_configuration");
      expect(rule[0].apply_server_side_encryption_by_default).toEqual({
        sse_algorithm: "aws:kms",
        kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\./),
      });
      expect(resources(bootstrap, "aws_s3_bucket_versioning")[0].versioning_configuration.status).toBe("Enabled");
      expect(resources(bootstrap, "aws_s3_bucket_public_access_block")[0]).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
    },
    breaks: {
      "no lock": ({ cluster }) => {
        cluster.terraform.backend.s3.use_lockfile = false;
      },
      "AWS's own key": ({ bootstrap }) => {
        resources(
          bootstrap,
          "aws_s3_bucket_server_side_encryption_configuration",
        )[0].rule[0].apply_server_side_encryption_by_default.sse_algorithm = "AES256";
      },
      "no versions": ({ bootstrap }) => {
        resources(bootstrap, "aws_s3_bucket_versioning")[0].versioning_configuration.status = "Suspended";
      },
    },
  },
];
