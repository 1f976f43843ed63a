// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { configs } from "./configs";
import { type Json, synthesize } from "./synthesize";

test("a bucket that S3 does not delete keeps its key: Terraform takes the key after the bucket", () => {
  const { stacks } = synthesize(configs["logs are kept"]!());
  const bootstrap = Object.entries(stacks).find(([name]) => name.endsWith("-bootstrap"))?.[1] as Json;
  const { aws_s3_bucket: buckets, aws_s3_bucket_server_side_encryption_configuration: encryption } = bootstrap.resource;
  expect(Object.keys(buckets)).toHaveLength(2);
  for (const { bucket, rule } of Object.values<Json>(encryption)) {
    const [, name] = /aws_s3_bucket\.([\w-]+)\./.exec(bucket) as RegExpExecArray;
    const [, key] = /(aws_kms_key\.[\w-]+)\./.exec(JSON.stringify(rule)) as RegExpExecArray;
    expect([name, buckets[name as string].depends_on]).toEqual([name, [key]]);
  }
});
