// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { reasonOf, run } from "./run-program.mjs";

const DATA = { missing: "data-bucket-missing", region: "data-bucket-region" };
const BACKUP = { missing: "backup-bucket-missing", region: "backup-bucket-region" };

/** Names of buckets are shared by all of AWS: are those of the bootstrap stack free or ours, and are those there that the options name? */
export function checkBuckets(report, { state, region, ray, rayLogs, workloads }, { account }) {
  checkOwnBucket(report, "state bucket", { ...state, fix: "choose another name with state.bucket" }, account);
  if (rayLogs !== null) {
    const fix = "rename the project or the environment: the name follows from them";
    checkOwnBucket(report, "bucket of logs", { bucket: rayLogs.bucket, region, fix }, account);
  }
  const named = [
    ...ray.identities.flatMap(({ buckets }) => buckets.map(({ name }) => [name, DATA])),
    ...(workloads.velero === undefined ? [] : [[workloads.velero.settings.bucket, BACKUP]]),
  ];
  for (const [bucket, codes] of new Map(named)) {
    const check = `bucket ${bucket}`;
    const answer = run("aws", ["s3api", "head-bucket", "--bucket", bucket, "--region", region]);
    if (answer.ok) {
      report.ok(check, "is there");
    } else if (/\b404\b|Not Found|NoSuchBucket/.test(answer.stderr)) {
      report.broken(check, codes.missing, reasonOf(answer), "create the bucket, or correct its name in the options");
    } else if (/\b30[17]\b|Moved|PermanentRedirect/.test(answer.stderr)) {
      const fix = `use a bucket in ${region}: the network leads to no other region`;
      report.broken(check, codes.region, reasonOf(answer), fix);
    } else {
      report.notChecked(check, reasonOf(answer));
    }
  }
}

/** A bucket that the bootstrap stack makes. */
function checkOwnBucket(report, check, { bucket, region, fix }, account) {
  const args = ["s3api", "head-bucket", "--bucket", bucket, "--region", region, "--expected-bucket-owner", account];
  const answer = run("aws", args);
  if (answer.ok) {
    report.ok(check, `${bucket} already exists, and belongs to the account`);
  } else if (/\b404\b|Not Found|NoSuchBucket/.test(answer.stderr)) {
    report.ok(check, `the name ${bucket} is free`);
  } else if (/\b403\b|Forbidden|\b30[17]\b|Moved/.test(answer.stderr)) {
    const detail = `${bucket}: ${reasonOf(answer)}`;
    report.broken(check, "bucket-taken", detail, fix);
  } else {
    report.notChecked(check, reasonOf(answer));
  }
}
