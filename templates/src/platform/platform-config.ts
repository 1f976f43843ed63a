// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { RAY_LIMITS, TERRAFORM_LIMITS } from "./limit-records";

/**
 * The resolved configuration of a platform: every default filled in, plain JSON.
 *
 * `platform.json` next to this file holds one value of this type. It is written from the typed options in
 * the project's options; the stacks read it and nothing else, so two repositories with the same options have the same stacks.
 */
export interface PlatformConfig {
  /** Version of this format. A reader refuses what it does not know. */
  readonly schemaVersion: 1;
  /** Name of the repository's project; prefix of names that must be unique in an AWS account. */
  readonly name: string;
  /** Library that runs the stacks. */
  readonly engine: "cdktf" | "cdktn";
  /** Version constraint that the stacks write into `terraform.required_version`. */
  readonly terraformVersion: string;
  /** The GitHub repository that may deploy this platform. */
  readonly repository: RepositoryConfig;
  /** The environments, in the order of the options; at least one. */
  readonly environments: readonly EnvironmentConfig[];
  /** Limits that the Rego policies enforce (`data.limits`). */
  readonly limits: PolicyLimits;
}

/** The GitHub repository. */
export interface RepositoryConfig {
  /** Organization or user. */
  readonly owner: string;
  /** Repository name without owner. */
  readonly name: string;
  /** Numeric id of the owner; with `repositoryId` the OIDC subject has GitHub's immutable form. */
  readonly ownerId: string | null;
  /** Numeric id of the repository. */
  readonly repositoryId: string | null;
  /** Branch that deployments come from. */
  readonly defaultBranch: string;
}

/** One environment: an AWS account and region with its own network, cluster and Ray clusters. */
export interface EnvironmentConfig {
  /** Lower-case name, first part of each stack's name. */
  readonly name: string;
  /** Turns on deletion protection and `prevent_destroy`. */
  readonly production: boolean;
  /** AWS region. */
  readonly region: string;
  /** Account that the provider is restricted to; null when any account is accepted. */
  readonly accountId: string | null;
  /** Tags on everything that can carry them: ManagedBy, Environment, Repository and the user's own. */
  readonly tags: Readonly<Record<string, string>>;
  readonly state: StateConfig;
  readonly network: NetworkConfig;
  readonly cluster: ClusterConfig;
  readonly access: AccessConfig;
  /** Node pools; at least one without accelerator, for the system pods and the Ray head. */
  readonly pools: readonly NodePoolConfig[];
  readonly cost: CostConfig;
  readonly deployment: DeploymentAccessConfig;
  readonly images: ImagesConfig;
  /** What is installed, by id, which is the name of the Helm release. */
  readonly workloads: Readonly<Record<string, WorkloadConfig>>;
  /** The namespaces of the workloads. */
  readonly namespaces: readonly NamespaceConfig[];
  readonly ray: RayConfig;
  /** Where logs and events of Ray's pods are kept; null where they end with their pods. */
  readonly rayLogs: RayLogsConfig | null;
}

/** What the environment may cost; `scripts/plan-cost.mjs` reads it. */
export interface CostConfig {
  /** Most US dollars a month for nodes, all pools at their most nodes, at list price. */
  readonly maxMonthlyUsd: number;
  /** What happens above it, or where a type has no published price. */
  readonly aboveMax: "warn" | "deny";
}

/** The bucket that keeps what Ray's pods log. */
export interface RayLogsConfig {
  /** Bucket that the bootstrap stack makes. */
  readonly bucket: string;
  /** Alias of the key that encrypts it, without the `alias/` prefix. */
  readonly kmsKeyAlias: string;
  /** Days after which an object expires. */
  readonly retentionDays: number;
}

/** Remote state in S3. */
export interface StateConfig {
  /** Bucket that the bootstrap stack makes and the other stacks use. */
  readonly bucket: string;
  /** Alias of the key that encrypts the state, without the `alias/` prefix. */
  readonly kmsKeyAlias: string;
  /** Region of bucket and key. */
  readonly region: string;
}

/** The VPC: made by the network stack, or given. */
export interface NetworkConfig {
  /** `existing` has no network stack. */
  readonly mode: "created" | "existing";
  /** Given VPC; null when created. */
  readonly vpcId: string | null;
  /** Given private subnets for nodes and control-plane interfaces; empty when created. */
  readonly nodeSubnetIds: readonly string[];
  /** IPv4 range of the VPC, inside RFC 1918. Of a given VPC too. */
  readonly vpcCidr: string;
  /** Zone names such as `eu-west-1a`. */
  readonly availabilityZones: readonly string[];
  /** One private range per zone. */
  readonly nodeSubnetCidrs: readonly string[];
  /** One small public range per zone where NAT is asked for; else empty. */
  readonly publicSubnetCidrs: readonly string[];
  /** NAT gateways: none (closed network), one, or one per zone. */
  readonly nat: "none" | "single" | "per-zone";
  /** How S3 is reached: gateway endpoint with a prefix-list egress rule, or interface endpoint. */
  readonly s3Access: "gateway" | "interface";
  /** Service names of interface endpoints, such as `ecr.api`, sorted. Empty for a given VPC that has its own. */
  readonly interfaceEndpoints: readonly string[];
  /** Retention of VPC flow logs in days. */
  readonly flowLogRetentionDays: number;
}

/** The EKS cluster. */
export interface ClusterConfig {
  readonly name: string;
  /** Kubernetes minor version such as `1.35`. */
  readonly version: string;
  /** CIDRs that may reach the public endpoint; empty means that there is none. */
  readonly publicAccessCidrs: readonly string[];
  /** Control-plane log types. */
  readonly logTypes: readonly string[];
  /** Retention of control-plane logs in days. */
  readonly logRetentionDays: number;
  /** Key for Kubernetes secrets and log groups; null makes one. */
  readonly kmsKeyArn: string | null;
  /** Range of Kubernetes services; null leaves the choice to EKS. */
  readonly serviceCidr: string | null;
  readonly deletionProtection: boolean;
  /** IAM principals with cluster-admin through access entries. */
  readonly adminPrincipalArns: readonly string[];
  /** IAM principals with read access through access entries. */
  readonly viewerPrincipalArns: readonly string[];
  /** Given permissions boundary on every role; null for the one that the bootstrap stack makes. */
  readonly permissionsBoundaryArn: string | null;
  /** EKS add-ons, pinned. */
  readonly addons: readonly AddonConfig[];
}

/** The IAM path of the environment's roles, and which of them people assume. */
export interface AccessConfig {
  /** IAM path of what the bootstrap stack makes, and no other stack may change. Begins and ends with a slash. */
  readonly bootstrapPath: string;
  /** IAM path of the roles that the other stacks make. */
  readonly stacksPath: string;
  /** Permissions boundary of these roles: the given one, or the one that the bootstrap stack makes, by its name. */
  readonly boundaryName: string;
  /** Roles that people assume; none where the options turn them off. */
  readonly people: readonly PersonRoleConfig[];
  /** Whether they admit only sessions with MFA. */
  readonly requireMfa: boolean;
  /** Permissions boundary of the roles of Ray's pods; null where they have none, or where the options give a boundary. */
  readonly rayBoundary: RayBoundaryConfig | null;
  /** S3 buckets that the boundary lets roles of pods reach, sorted. */
  readonly podBuckets: readonly string[];
}

/** What Ray's pods may do at most: all that the options name for any of them. */
export interface RayBoundaryConfig {
  readonly name: string;
  readonly statements: readonly WorkloadStatementConfig[];
}

/** A role that people assume. */
export interface PersonRoleConfig {
  readonly kind: "administrator" | "ray-user" | "viewer";
  readonly roleName: string;
  /** Who may assume it; empty for the account's own identities that IAM allows. */
  readonly principalArns: readonly string[];
}

/** An EKS add-on. */
export interface AddonConfig {
  readonly name: string;
  /** Exact version such as `v1.20.4-eksbuild.1`. */
  readonly version: string;
  /** Before the node groups exist, or after. */
  readonly wave: "before-nodes" | "after-nodes";
}

/** One record drives launch template, node group, labels, taints, autoscaling tags and the Ray workers' selector. */
export interface NodePoolConfig {
  /** Lower-case name, unique in the environment. */
  readonly name: string;
  /** Pools of one group serve the same pods: a spot pool and its on-demand fallback. Label `ray-platform/pool-group`. */
  readonly group: string;
  /** Rank in the cluster autoscaler's priority expander; higher is tried first. */
  readonly priority: number;
  /** Instance types with the same architecture and number of GPUs. */
  readonly instanceTypes: readonly string[];
  readonly architecture: "x86_64" | "arm64";
  readonly os: "al2023" | "bottlerocket";
  /** EKS AMI type such as `AL2023_x86_64_NVIDIA`. */
  readonly amiType: string;
  readonly capacityType: "ON_DEMAND" | "SPOT" | "CAPACITY_BLOCK";
  /** Capacity reservation or capacity block to run in; null for none. */
  readonly capacityReservationId: string | null;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredSize: number;
  readonly volume: VolumeConfig;
  /** What a node of the smallest listed type offers. */
  readonly node: NodeCapacityConfig;
  /** Elastic Fabric Adapter interfaces to attach; 0 for none. */
  readonly efaInterfaces: number;
  /** Kubernetes labels. GPU pools carry `nvidia.com/gpu.present=true`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Kubernetes taints. GPU pools carry `nvidia.com/gpu=true:NoSchedule`. */
  readonly taints: readonly TaintConfig[];
  /** Zones to use, a subset of the network's; one for EFA and capacity blocks. */
  readonly availabilityZones: readonly string[];
  /** The node groups, each in a zone of its own; their sizes add up to the pool's. */
  readonly nodeGroups: readonly NodeGroupConfig[];
  /** Extra `node.eks.aws/v1alpha1` NodeConfig as JSON for AL2023; null for no user data. */
  readonly nodeConfig: Readonly<Record<string, unknown>> | null;
}

/** The part of a pool that is in one zone. */
export interface NodeGroupConfig {
  /** The pool's name with the end of the zone's, such as `gpu-a`; unique in the environment. */
  readonly name: string;
  readonly availabilityZone: string;
  readonly minSize: number;
  /** Above `minSize`. */
  readonly maxSize: number;
  readonly desiredSize: number;
}

/** Root (and, for Bottlerocket, data) volume of a node. */
export interface VolumeConfig {
  readonly sizeGib: number;
  readonly type: "gp3" | "io2";
  /** IOPS; null for the volume type's default. */
  readonly iops: number | null;
  /** Throughput in MiB/s; null for the default. */
  readonly throughputMibps: number | null;
  /** Customer key for the volume; null uses the account's `aws/ebs` key. */
  readonly kmsKeyArn: string | null;
}

/** Capacity of the smallest instance type of a pool. */
export interface NodeCapacityConfig {
  readonly vcpu: number;
  readonly memoryMib: number;
  readonly gpus: number;
  /** NVIDIA product such as `A10G`; null without GPU. */
  readonly gpuModel: string | null;
  /** What pods can request after system reserve, eviction threshold and daemon sets. */
  readonly allocatable: { readonly cpuMillis: number; readonly memoryMib: number };
}

/** A Kubernetes taint. */
export interface TaintConfig {
  readonly key: string;
  readonly value: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** Roles that GitHub Actions assumes, under `access.bootstrapPath`. */
export interface DeploymentAccessConfig {
  /** Whether the bootstrap stack makes the roles. They come before everything that they deploy. */
  readonly githubOidc: boolean;
  /** Existing provider for token.actions.githubusercontent.com in the account; null makes one. */
  readonly oidcProviderArn: string | null;
  /** GitHub environment that the apply role is bound to. */
  readonly githubEnvironment: string;
  readonly planRoleName: string;
  readonly applyRoleName: string;
  readonly driftRoleName: string;
  /** Pushes images to this account's registry; made only where images are copied there. */
  readonly mirrorRoleName: string;
}

/** Where container images come from. */
export interface ImagesConfig {
  /**
   * Registry and path prefix that every image is pulled from, such as
   * `111122223333.dkr.ecr.eu-west-1.amazonaws.com/ray-platform`; null means this account's own ECR in this region
   * with `repositoryPrefix`. The images' own registries cannot be used: node egress is limited to private ranges and S3.
   */
  readonly registry: string | null;
  /** Path prefix inside this account's ECR. */
  readonly repositoryPrefix: string;
  /** Whether the cluster stack makes the ECR repositories. */
  readonly createRepositories: boolean;
  /** Every image that the platform runs, sorted by name. */
  readonly list: readonly ImageConfig[];
}

/** A container image by its upstream name. */
export interface ImageConfig {
  /** Key that charts values use, such as `kuberay-operator`. */
  readonly key: string;
  /** Upstream repository such as `quay.io/kuberay/operator`. */
  readonly repository: string;
  readonly tag: string;
  /** Digest of its manifest list, such as `sha256:0123...`; absent where it is pulled by tag only. */
  readonly digest?: string;
  readonly architectures: readonly ("amd64" | "arm64")[];
}

/** One Helm release, and all that it needs. Its values come from `src/platform/workloads/<id>/values.ts`. */
export interface WorkloadConfig {
  /** What it is for, in a few words. */
  readonly purpose: string;
  /** The chart; null for `helm/<id>` of this repository. */
  readonly chart: ChartConfig | null;
  /** Keys in `images.list` of the images that its pods run. */
  readonly images: readonly string[];
  /** Its namespace, one of `namespaces`. */
  readonly namespace: string;
  /** Ids of the workloads that are installed before it. */
  readonly after: readonly string[];
  /** AWS services that its pods call, as VPC endpoints spell them. */
  readonly endpoints: readonly string[];
  /** AWS permissions of its pods; null for none. */
  readonly role: WorkloadRoleConfig | null;
  /** What each of its daemons requests on a node; null where it has none. */
  readonly daemonSet: { readonly cpuMillis: number; readonly memoryMib: number } | null;
  /** Its own part of the options. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The IAM role of a workload's service account. */
export interface WorkloadRoleConfig {
  /** Middle part of the role's name, `<cluster>-<name>-irsa`. */
  readonly name: string;
  /** Part of the role's Terraform address. */
  readonly address: string;
  readonly serviceAccount: string;
  /** What it permits, in words. */
  readonly permits: string;
  /** What it permits. */
  readonly statements: readonly WorkloadStatementConfig[];
}

/**
 * Actions that a role allows. In resources and condition, `{partition}`, `{account}` and `{interruptionQueueArn}` stand for
 * what only the stack knows.
 */
export interface WorkloadStatementConfig {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** By operator and key, as IAM writes it; null for none. */
  readonly condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>> | null;
}

/** A namespace and the Pod Security Standard that it enforces. */
export interface NamespaceConfig {
  readonly name: string;
  /** Null for a namespace that Kubernetes brings: the platform neither makes nor labels it. */
  readonly podSecurity: "privileged" | "baseline" | "restricted" | null;
  /** Why the standard is not `restricted`; null where it is. */
  readonly reason: string | null;
}

/** A Helm chart by exact version. */
export interface ChartConfig {
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
}

/** The Ray clusters of an environment. */
export interface RayConfig {
  readonly namespace: string;
  /** Name of the RayCluster. */
  readonly clusterName: string;
  /** Ray version such as `2.56.0`. */
  readonly version: string;
  readonly head: RayHeadConfig;
  readonly workerGroups: readonly RayWorkerGroupConfig[];
  /** Ray token authentication (Ray >= 2.52 with KubeRay >= 1.5.1). */
  readonly tokenAuth: boolean;
  readonly autoscaler: RayAutoscalerConfig;
  /** External Redis for GCS fault tolerance; null for none. */
  readonly gcsFaultTolerance: { readonly redisAddress: string; readonly passwordSecret: string | null } | null;
  /** A RayJob to run; null for none. */
  readonly job: { readonly entrypoint: string } | null;
  /** A RayService to run instead of the RayCluster; null for none. `config` is its `serveConfigV2`. */
  readonly service: { readonly config: string; readonly upgrade: "NewCluster" | "None" } | null;
  /** What the API server does with a Ray resource that breaks a rule of `policies/ray`. */
  readonly admission: "deny" | "audit";
  /** What a deployment does while jobs run, before all pods of the RayCluster are replaced. */
  readonly upgrade: "refuse" | "drain" | "recreate";
  /** Service accounts with an IAM role, one for the head and one or more for workers; empty where pods reach nothing in AWS. */
  readonly identities: readonly RayIdentityConfig[];
  /** Where the examples write to and read from: a place that both the head and the workers may; null where there is none. */
  readonly exampleData: string | null;
  /** Registries that images are pulled from as they are named. */
  readonly registries: readonly RayRegistryConfig[];
  /** What Ray pods may reach besides DNS, each other, the API server and their data; node egress limits it further. */
  readonly egress: readonly RayEgressConfig[];
}

/** Ray's autoscaler, a sidecar of the head. */
export interface RayAutoscalerConfig {
  readonly enabled: boolean;
  /** Seconds after which an idle worker is removed. */
  readonly idleTimeoutSeconds: number;
  /** What the sidecar requests, and may use at most; 0 if there is none. */
  readonly cpu: number;
  readonly memoryGib: number;
}

/** A service account of Ray pods, and what its IAM role permits. */
export interface RayIdentityConfig {
  readonly serviceAccount: string;
  /** Middle part of the role's name, `<cluster>-<roleName>-irsa`. */
  readonly roleName: string;
  readonly buckets: readonly RayBucketConfig[];
  /** Secrets of Secrets Manager by name. */
  readonly secrets: readonly string[];
  /** What the role permits, in words. */
  readonly permits: string;
  /** What the role permits. */
  readonly statements: readonly WorkloadStatementConfig[];
}

/** A bucket that Ray pods work with. */
export interface RayBucketConfig {
  readonly name: string;
  /** Prefixes with a slash at their end; empty for the whole bucket. */
  readonly prefixes: readonly string[];
  readonly access: "read" | "write" | "read-write";
}

/** A registry of the user's own. */
export interface RayRegistryConfig {
  /** Host, with or without a path. */
  readonly registry: string;
  /** Secret of Ray's namespace with its credentials; null for none. */
  readonly pullSecret: string | null;
}

/** A destination that Ray pods may reach, such as S3 or a database. */
export interface RayEgressConfig {
  /** IPv4 range. S3 through a gateway endpoint has public addresses: `0.0.0.0/0` on 443 admits it, and the node security group nothing else. */
  readonly cidr: string;
  /** TCP ports. */
  readonly ports: readonly number[];
}

/** The Ray head. */
export interface RayHeadConfig {
  /** Pool group that it runs on; on demand, without GPU. */
  readonly poolGroup: string;
  readonly image: string;
  readonly cpu: number;
  readonly memoryGib: number;
  /** Service account of `ray.identities`; null for the one that KubeRay makes. */
  readonly serviceAccount: string | null;
}

/** A Ray worker group. */
export interface RayWorkerGroupConfig {
  readonly name: string;
  readonly poolGroup: string;
  /** Full upstream image reference with a tag for the pool's architecture. */
  readonly image: string;
  readonly cpu: number;
  readonly memoryGib: number;
  readonly gpus: number;
  readonly minReplicas: number;
  readonly replicas: number;
  readonly maxReplicas: number;
  readonly numOfHosts: number;
  /** Service account of `ray.identities`; null for the namespace's own, which has no rights. */
  readonly serviceAccount: string | null;
  readonly rayStartParams: Readonly<Record<string, string>>;
}

/** Limits of both policy packages, in the form that Rego reads. */
export interface PolicyLimits {
  readonly terraform: TerraformLimits;
  readonly ray: RayLimits;
}

/** `data.limits.terraform`. */
export interface TerraformLimits extends Readonly<Record<keyof typeof TERRAFORM_LIMITS, number>> {
  readonly allowed_regions: readonly string[];
  readonly cpu_instance_types: readonly string[];
  readonly gpu_instance_types: readonly string[];
  readonly required_tags: readonly string[];
  readonly required_log_types: readonly string[];
}

/** `data.limits.ray`. */
export interface RayLimits extends Readonly<Record<keyof typeof RAY_LIMITS, number>> {
  readonly required_labels: readonly string[];
}
