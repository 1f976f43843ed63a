// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { getObjects } from "./kubernetes.mjs";
import { reasonOf, run } from "./run-program.mjs";

/** What ties Ray's pods to their data: service accounts with their roles, and the buckets. */
export function checkData(report, { name, region, cluster, access, ray }, account) {
  const check = "data";
  if (ray.identities.length === 0) {
    report.notChecked(check, "the options name none (ray.data)");
    return;
  }
  const before = report.findings.length;
  for (const { serviceAccount, roleName } of ray.identities) {
    const found = getObjects(["serviceaccount", serviceAccount, "--namespace", ray.namespace]);
    const role = `role${access.stacksPath}${cluster.name}-${roleName}-irsa`;
    const given = found.value?.metadata?.annotations?.["eks.amazonaws.com/role-arn"];
    if (found.isForbidden) {
      report.notChecked(check, found.reason);
    } else if (found.value === undefined) {
      report.broken(check, "data-account-missing", found.reason, `deploy ${name}-workloads`);
    } else if (given === undefined || !given.endsWith(`::${account}:${role}`)) {
      const detail = `${serviceAccount} has the role ${given ?? "of nobody"}, not ${role}`;
      report.broken(check, "data-role-wrong", detail, `deploy ${name}-cluster and ${name}-workloads`);
    }
  }
  for (const bucket of new Set(ray.identities.flatMap(({ buckets }) => buckets.map((one) => one.name)))) {
    const answer = run("aws", ["s3api", "head-bucket", "--bucket", bucket, "--region", region]);
    if (/\b404\b|NoSuchBucket|Not Found/.test(answer.stderr)) {
      report.broken(
        check,
        "data-bucket-missing",
        `${bucket}: ${reasonOf(answer)}`,
        "create the bucket, or correct ray.data",
      );
    } else if (/\b30[17]\b|Moved|PermanentRedirect/.test(answer.stderr)) {
      const fix = `use a bucket in ${region}: the network leads to no other region`;
      report.broken(check, "data-bucket-region", `${bucket}: ${reasonOf(answer)}`, fix);
    }
  }
  if (report.findings.length === before) {
    report.ok(check, ray.identities.map(({ serviceAccount }) => serviceAccount).join(", "));
  }
}
