// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Accelerator } from "./accelerator";
import type { AccessOptions } from "./access-options";
import type { AdditionalPoolOptions } from "./additional-pool-options";
import type { ClusterOptions } from "./cluster-options";
import type { CostOptions } from "./cost-options";
import type { GpuPoolOptions } from "./gpu-pool-options";
import type { ImageOptions } from "./image-options";
import type { NetworkOptions } from "./network-options";
import type { NodePoolOptions } from "./node-pool-options";
import type { RayOptions } from "./ray-options";
import type { StateOptions } from "./state-options";

/** Settings that apply to every environment, and that each environment may override field by field. Lists are replaced whole. */
export interface EnvironmentSettings {
  /**
   * AWS region. Must be in `allowedRegions`.
   * @default "us-east-1"
   * @featured
   */
  readonly awsRegion?: string;
  /**
   * AWS account id, 12 digits. The provider then refuses every other account.
   * @default - any account
   * @featured
   */
  readonly awsAccountId?: string;
  /**
   * Kubernetes minor version. A version whose add-ons are not pinned is refused; the error lists those that are.
   * @default "1.35"
   * @featured
   */
  readonly kubernetesVersion?: string;
  /**
   * GPU of the default GPU pool; `NONE` for a platform without GPUs.
   * Types other than those of `G4DN` must be listed in `policyLimits.gpuInstanceTypes`.
   * @default Accelerator.G4DN
   * @featured
   */
  readonly accelerator?: Accelerator;
  /**
   * Metrics with kube-prometheus-stack, and Ray and GPU dashboards.
   * @default false
   */
  readonly monitoring?: boolean;
  /**
   * S3 bucket for nightly Velero backups. Each environment has its own: its role may delete what is in it.
   * @default - no backups
   */
  readonly backupBucket?: string;
  /**
   * ARN of the account's OIDC provider for token.actions.githubusercontent.com. An account has only one.
   * @default - made by the first environment of an account; the others of the same `awsAccountId` use it
   */
  readonly githubOidcProviderArn?: string;
  /**
   * Tags on every AWS resource, in addition to ManagedBy, Environment and Repository.
   * @default - none
   */
  readonly tags?: { [key: string]: string };
  /**
   * Network.
   * @default - a closed VPC in three zones
   */
  readonly network?: NetworkOptions;
  /**
   * EKS cluster.
   * @default - private endpoint only, own KMS key
   */
  readonly cluster?: ClusterOptions;
  /**
   * Who may use the platform, and what roles of pods may reach.
   * @default - roles for people that the account's own identities may assume
   */
  readonly access?: AccessOptions;
  /**
   * The pool for system pods, the Ray head and CPU workers. Always on demand: losing the head loses the Ray
   * cluster.
   * @default - 2 to 10 m5.2xlarge or m5.4xlarge
   */
  readonly cpuPool?: NodePoolOptions;
  /**
   * The GPU pool.
   * @default - 0 to 5 spot nodes of `accelerator`, and 0 to 2 on demand
   */
  readonly gpuPool?: GpuPoolOptions;
  /**
   * Additional pools.
   * @default - none
   */
  readonly pools?: AdditionalPoolOptions[];
  /**
   * What the environment may cost.
   * @default - a warning above 25,000 US dollars a month in nodes
   */
  readonly cost?: CostOptions;
  /**
   * The Ray cluster.
   * @default - a head, CPU workers, and GPU workers if there is a GPU pool
   */
  readonly ray?: RayOptions;
  /**
   * Container images.
   * @default - mirrored to this account's ECR
   */
  readonly images?: ImageOptions;
  /**
   * Terraform state.
   * @default - an encrypted S3 bucket made by the bootstrap stack
   */
  readonly state?: StateOptions;
}
