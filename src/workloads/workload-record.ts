// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { EnvironmentSettings } from "../options/environment-settings";

/** A workload of the platform: one Helm release, and all that the rest of the repository must know of it. */
export interface WorkloadRecord {
  /**
   * Name of the release and of the directory that holds its values, `templates/src/platform/workloads/<id>/values.ts`.
   * Part of Terraform addresses, so it never changes.
   */
  readonly id: string;
  /** What it is for, in a few words. Documents say it. */
  readonly purpose: string;
  /** Whether a platform with these features has it. */
  readonly isOn: (features: WorkloadFeatures) => boolean;
  /** `pinned`: the chart that `data/charts.json` has under this id. `own`: `templates/helm/<id>`. */
  readonly chart: "pinned" | "own";
  /** Keys in `data/images.json` of every image that its pods run; `of-ray` for the images that the Ray options name. */
  readonly images: readonly string[] | "of-ray";
  readonly namespace: WorkloadNamespace;
  /** Ids of workloads that are installed before it, where they are on. */
  readonly after: readonly string[];
  /** Interface endpoints that its pods call, such as `sqs`: names of AWS services as VPC endpoints spell them. */
  readonly endpoints: readonly string[];
  /** AWS permissions of its pods. Default: none. */
  readonly role?: WorkloadRole;
  /** What each of its daemons asks for on a node, which Ray pods there cannot have. Default: no daemon set. */
  readonly daemonSet?: WorkloadRequests;
  /** Its own part of the options, resolved. Its values file and its placeholders read it. Default: none. */
  readonly settings?: (features: WorkloadFeatures) => { readonly [name: string]: string };
}

/** What decides whether a workload is on: of a whole environment, or of one node for what runs there. */
export interface WorkloadFeatures {
  readonly settings: EnvironmentSettings;
  /** Nodes with GPUs. */
  readonly gpu: boolean;
  /** Nodes with interfaces of the Elastic Fabric Adapter. */
  readonly efa: boolean;
}

/** The namespace of a workload. Workloads that share one name the same constant of namespaces.ts. */
export interface WorkloadNamespace {
  /** Its name; `{rayNamespace}` for Ray's. */
  readonly name: string;
  /** Pod Security Standard that it enforces; absent for a namespace that Kubernetes brings, whose labels are not ours. */
  readonly podSecurity?: "privileged" | "baseline" | "restricted";
  /** Why the standard is not `restricted`; required then. */
  readonly reason?: string;
}

/** CPU and memory that a pod requests. */
export interface WorkloadRequests {
  readonly cpuMillis: number;
  readonly memoryMib: number;
}

/** The IAM role of one Kubernetes service account. */
export interface WorkloadRole {
  /** Middle part of the role's name, `<cluster>-<name>-irsa`. At most 18 characters: IAM takes 64, and a cluster's name may have 40. */
  readonly name: string;
  readonly serviceAccount: string;
  /** What it permits, in words. Documents say it. It may hold placeholders. */
  readonly permits: string;
  readonly statements: readonly WorkloadStatement[];
  /** Part of the role's Terraform address, which never changes. Default: the workload's id. */
  readonly address?: string;
}

/**
 * Actions that a role allows. Resources and conditions may hold placeholders: `{region}`, `{dnsSuffix}`, `{cluster}`,
 * `{logBucket}`, `{logKeyAlias}` and each name of `settings`, and those that only the stack knows, `{partition}`, `{account}` and `{interruptionQueueArn}`.
 */
export interface WorkloadStatement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** By operator and key, as IAM writes it. Default: none. */
  readonly condition?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
}
