// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";
import type { EnvironmentEntry } from "./environment";
import type { EnvironmentConfig } from "./platform-config";

/**
 * Refuses a bucket for the backups of several environments: the role of each may read and delete all that is in it, and Velero of one
 * takes the others' backups for its own.
 */
export function checkBackupBuckets(
  environments: readonly EnvironmentConfig[],
  entries: readonly EnvironmentEntry[],
  issues: IssueList,
): void {
  const owners = new Map<string, string>();
  environments.forEach(({ name, workloads }, index) => {
    const bucket = workloads.velero?.settings.bucket;
    if (bucket === undefined || bucket === "") {
      return;
    }
    const owner = owners.get(String(bucket));
    if (owner !== undefined && owner !== name) {
      const { path, environment } = entries[index];
      issues.add(
        environment.backupBucket === undefined ? "backupBucket" : `${path}.backupBucket`,
        bucket,
        `environment ${owner} has its backups there, and each would read and delete the other's`,
        "name a bucket for each environment",
      );
    }
    owners.set(String(bucket), owner ?? name);
  });
}

/** Refuses buckets of Terraform state that anything else of any environment is to read, write or make. */
export function checkStateBuckets(
  environments: readonly EnvironmentConfig[],
  entries: readonly EnvironmentEntry[],
  issues: IssueList,
): void {
  const states = new Map(environments.map(({ name, state }) => [state.bucket, name]));
  environments.forEach(({ name, access, ray, rayLogs, workloads }, index) => {
    const { path } = entries[index];
    const at = (option: string) => (path === "" ? option : `${path}.${option}`);
    const backups = String(workloads.velero?.settings.bucket ?? "");
    const owner = states.get(backups);
    if (owner !== undefined) {
      issues.add(
        at("backupBucket"),
        backups,
        `backups and Terraform state need separate buckets, and this one has the state of ${owner}: whoever restores one must not read the other`,
        "name another bucket",
      );
    }
    const ofPods = [
      ...access.podBuckets.map((bucket) => ["access.podBuckets", bucket] as const),
      ...ray.identities.flatMap(({ buckets }) => buckets.map((one) => ["ray.data.buckets", one.name] as const)),
    ];
    const told = new Set([backups, rayLogs?.bucket]);
    for (const [option, bucket] of ofPods.filter(([, one]) => states.has(one) && !told.has(one))) {
      told.add(bucket);
      issues.add(
        at(option),
        bucket,
        `a bucket without Terraform state, and this one has that of ${states.get(bucket)}: pods would read what deploys them`,
        "name another bucket",
      );
    }
    const state = rayLogs === null ? undefined : states.get(rayLogs.bucket);
    if (state !== undefined) {
      const other = entries[environments.findIndex((one) => one.name === state)]?.path;
      issues.add(
        other === undefined || other === "" ? "state.bucket" : `${other}.state.bucket`,
        rayLogs?.bucket,
        `environment ${name} creates a bucket of that name for the logs of Ray's pods`,
        "name another bucket",
      );
    }
  });
}
