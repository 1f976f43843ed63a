// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { reasonOf, runJson } from "./run-program.mjs";

/** A deployment holds its lock for minutes; one that is older than this was left behind, or somebody waits for a person. */
const OLD_LOCK_MS = 2 * 3600 * 1000;

/** The bucket of Terraform's state, and locks in it. */
export function checkState(report, { name, state }) {
  const check = "state";
  const args = ["s3api", "list-objects-v2", "--bucket", state.bucket, "--prefix", `${name}/`, "--region", state.region];
  const answer = runJson("aws", [...args, "--output", "json"]);
  if (!answer.ok) {
    const reason = reasonOf(answer);
    if (/NoSuchBucket/.test(reason)) {
      report.broken(check, "state-missing", reason, `deploy ${name}-bootstrap as an administrator of the account`);
    } else {
      report.notChecked(check, `only whoever deploys can read it: ${reason}`);
    }
    return;
  }
  const locks = (answer.value.Contents ?? []).filter(({ Key }) => Key.endsWith(".tflock"));
  const old = locks.filter(({ LastModified }) => Date.now() - Date.parse(LastModified) > OLD_LOCK_MS);
  for (const { Key, LastModified } of old) {
    const fix = "make sure that nobody deploys, then remove it with force-unlock";
    report.broken(check, "state-locked", `${Key} since ${LastModified}`, fix);
  }
  if (old.length === 0) {
    report.ok(check, locks.length === 0 ? "no lock" : "a deployment is running");
  }
}
