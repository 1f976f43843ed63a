// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { serviceAccountRoleName } from "../cluster/service-account-role";
import { partitionOf } from "../partition";
import type { EnvironmentConfig } from "../platform-config";

/** A service account of Ray pods. */
export interface RayServiceAccount {
  readonly name: string;
  /** ARN of its IAM role; null for none. */
  readonly roleArn: string | null;
  /** KubeRay's Role of the autoscaler that it is bound to; null where KubeRay binds it itself, or it needs none. */
  readonly autoscalerRole: string | null;
}

/**
 * The service accounts that the chart makes: those with an IAM role, and that of a RayService's head, whose name must stay while
 * an upgrade replaces its cluster.
 *
 * KubeRay binds the autoscaler's rights to the head's account once, when it makes a RayCluster. A RayCluster that runs already
 * when its head gets an account of its own keeps the old binding, so the chart binds that account as well.
 */
export function rayServiceAccounts(environment: EnvironmentConfig, accountId: string): RayServiceAccount[] {
  const { ray, region, cluster, access } = environment;
  const needsBinding = ray.autoscaler.enabled && ray.service === null;
  const accounts = ray.identities.map(({ serviceAccount, roleName }) => ({
    name: serviceAccount,
    roleArn: `arn:${partitionOf(region)}:iam::${accountId}:role${access.stacksPath}${serviceAccountRoleName(cluster.name, roleName)}`,
    autoscalerRole: needsBinding && serviceAccount === ray.head.serviceAccount ? ray.clusterName : null,
  }));
  const needsOwn = ray.service !== null && ray.autoscaler.enabled && ray.head.serviceAccount === null;
  return needsOwn
    ? [...accounts, { name: serviceHeadAccount(ray.clusterName), roleArn: null, autoscalerRole: null }]
    : accounts;
}

/** Account of a RayService's head. KubeRay makes up the names of its clusters, and would name the account after them. */
export function serviceHeadAccount(serviceName: string): string {
  return `${serviceName}-service`;
}
