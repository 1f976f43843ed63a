// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { accountRootStatement } from "../account-root-statement";
import type { EnvironmentConfig } from "../platform-config";
import { policyDocument, type PolicyStatement } from "../policy-document";

export interface PrivateBucketProps {
  readonly environment: EnvironmentConfig;
  readonly accountId: string;
  readonly bucketName: string;
  /** Alias of its key, without the `alias/` prefix. */
  readonly kmsKeyAlias: string;
  /** What it holds, in a few words. */
  readonly holds: string;
  /** The rule of lifecycle of all that it holds, without the end of uploads that were begun. */
  readonly expiry: Pick<S3BucketLifecycleConfigurationRule, "id" | "expiration" | "noncurrentVersionExpiration">;
  /** Rules of lifecycle of some of it; default: none. */
  readonly furtherExpiry?: readonly S3BucketLifecycleConfigurationRule[];
  /** Statements of the bucket's policy besides those of every such bucket; default: none. */
  readonly statements?: (bucketArn: string) => readonly PolicyStatement[];
}

/** A bucket of the bootstrap stack: encrypted with a key of its own, versioned, private, TLS only (controls STATE-01, TLS-01). */
export abstract class PrivateBucket extends Construct {
  public readonly bucket: S3Bucket;
  public readonly key: KmsKey;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { environment, accountId, bucketName, kmsKeyAlias, holds, expiry, furtherExpiry = [] } = props;
    this.key = new KmsKey(this, "key", {
      description: `${holds} of ${environment.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: 7,
      policy: policyDocument([accountRootStatement(environment.region, accountId)]),
      lifecycle: { preventDestroy: environment.production },
    });
    new KmsAlias(this, "alias", { name: `alias/${kmsKeyAlias}`, targetKeyId: this.key.keyId });

    this.bucket = new S3Bucket(this, "bucket", {
      bucket: bucketName,
      lifecycle: { preventDestroy: environment.production },
      // S3 keeps a bucket that is not empty. Its key then stays too, or nobody could read what is in it.
      dependsOn: [this.key],
    });
    const bucket = this.bucket.id;
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: this.key.arn },
          bucketKeyEnabled: true,
        },
      ],
    });
    new S3BucketOwnershipControls(this, "ownership", { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    const publicAccess = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket,
      rule: [
        {
          ...expiry,
          status: "Enabled",
          filter: [{ prefix: "" }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
        ...furtherExpiry,
      ],
      dependsOn: [versioning],
    });
    new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policyDocument([
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [this.bucket.arn, `${this.bucket.arn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "DenyOtherEncryption",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:PutObject",
          Resource: `${this.bucket.arn}/*`,
          Condition: {
            Null: { "s3:x-amz-server-side-encryption": "false" },
            StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
          },
        },
        ...(props.statements?.(this.bucket.arn) ?? []),
      ]),
      dependsOn: [publicAccess],
    });
  }
}
