// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPrefixList } from "@cdktf/provider-aws/lib/data-aws-prefix-list";
import type { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import { type App, Fn } from "cdktf";
import { AccessEntries } from "./cluster/access-entries";
import { Addons } from "./cluster/addons";
import { ControlPlane } from "./cluster/control-plane";
import { EncryptionKey } from "./cluster/encryption-key";
import { ImageRepositories } from "./cluster/image-repositories";
import { InterruptionQueue } from "./cluster/interruption-queue";
import { NodePool } from "./cluster/node-pool";
import { NodeRole } from "./cluster/node-role";
import { NodeSecurityGroup } from "./cluster/node-security-group";
import { NodeSubnets } from "./cluster/node-subnets";
import { OidcProvider } from "./cluster/oidc-provider";
import { ServiceAccountRoles } from "./cluster/service-account-roles";
import { clusterViolations } from "./cluster/validation";
import type { EnvironmentConfig, PlatformConfig } from "./platform-config";
import { PlatformStack } from "./platform-stack";
import { RoleBoundary } from "./role-boundary";
import { type ClusterOutputs, NETWORK_CONTRACT, type NetworkOutputs } from "./stack-contracts";
import { DeployedOutputs, publishOutputs } from "./stack-outputs";

/**
 * The EKS cluster and all that belongs to it in AWS. Needs only AWS APIs, never the cluster's own, so a hosted runner can
 * apply it while the endpoint is private.
 *
 * The order is what makes nodes join: control plane, then the roles and add-ons that a node needs to become ready, then the
 * node groups, then the add-ons that need nodes.
 */
export class ClusterStack extends PlatformStack {
  public readonly accountId: string;
  public readonly subnets: NodeSubnets;
  public readonly key: EncryptionKey;
  public readonly controlPlane: ControlPlane;
  public readonly oidcProvider: OidcProvider;
  public readonly nodeSecurityGroup: NodeSecurityGroup;
  public readonly roles: ServiceAccountRoles;
  public readonly queue: InterruptionQueue;
  /** Node pools by name. */
  public readonly nodePools: ReadonlyMap<string, NodePool>;
  /** EKS add-ons by name. */
  public readonly addons: ReadonlyMap<string, EksAddon>;

  constructor(app: App, platform: PlatformConfig, environment: EnvironmentConfig) {
    super(app, platform, environment, "cluster");
    this.validate(() => clusterViolations(environment));
    this.accountId = new DataAwsCallerIdentity(this, "account").accountId;
    RoleBoundary.applyTo(this, environment, this.accountId);
    const network =
      environment.network.mode === "created"
        ? new DeployedOutputs<NetworkOutputs>(this, environment, "network", NETWORK_CONTRACT)
        : undefined;
    this.subnets = new NodeSubnets(environment.network, network);
    const vpcId = network?.text("vpc_id") ?? (environment.network.vpcId as string);

    this.key = new EncryptionKey(this, "encryption", { environment, accountId: this.accountId });
    this.controlPlane = new ControlPlane(this, "control-plane", {
      environment,
      key: this.key,
      subnetIds: this.subnets.ids,
    });
    new AccessEntries(this, "access", { environment, cluster: this.controlPlane.cluster });
    this.nodeSecurityGroup = new NodeSecurityGroup(this, "node-security-group", {
      environment,
      vpcId,
      clusterSecurityGroupId: this.controlPlane.securityGroupId,
      s3PrefixListId: this.s3PrefixListId(environment, network),
    });

    this.oidcProvider = new OidcProvider(this, "oidc", { cluster: this.controlPlane.cluster });
    this.queue = new InterruptionQueue(this, "interruption", { environment, accountId: this.accountId });
    this.roles = new ServiceAccountRoles(this, "service-accounts", {
      environment,
      accountId: this.accountId,
      vpcId,
      oidcProvider: this.oidcProvider,
      queueArn: this.queue.queue.arn,
    });

    const addonProps = { environment, cluster: this.controlPlane.cluster, roles: this.roles };
    const beforeNodes = new Addons(this, "addons-before-nodes", { ...addonProps, wave: "before-nodes", dependsOn: [] });
    const nodeRole = new NodeRole(this, "node-role", { environment });
    this.nodePools = new Map(
      environment.pools.map((pool) => [
        pool.name,
        new NodePool(this, `pool-${pool.name}`, {
          environment,
          pool,
          cluster: this.controlPlane.cluster,
          nodeRole,
          securityGroupIds: [this.nodeSecurityGroup.securityGroup.id],
          subnets: this.subnets,
          dependsOn: [...beforeNodes.addons.values(), ...this.nodeSecurityGroup.rules],
        }),
      ]),
    );
    const afterNodes = new Addons(this, "addons-after-nodes", {
      ...addonProps,
      wave: "after-nodes",
      dependsOn: [...this.nodePools.values()].flatMap((pool) => pool.nodeGroups),
    });
    this.addons = new Map([...beforeNodes.addons, ...afterNodes.addons]);

    if (environment.images.createRepositories) {
      new ImageRepositories(this, "images", { images: environment.images });
    }
    this.publish();
  }

  private publish(): void {
    const { cluster } = this.controlPlane;
    publishOutputs<ClusterOutputs>(this, {
      account_id: this.accountId,
      cluster_name: cluster.name,
      cluster_endpoint: cluster.endpoint,
      cluster_certificate_authority: Fn.base64decode(cluster.certificateAuthority.get(0).data),
      workload_role_arns: Object.fromEntries([...this.roles.workloads].map(([id, { role }]) => [id, role.arn])),
      queue_urls: { interruption: this.queue.queue.url },
    });
  }

  /** Prefix list of the S3 gateway endpoint: our own, or in a given VPC the region's. */
  private s3PrefixListId(
    environment: EnvironmentConfig,
    network: DeployedOutputs<NetworkOutputs> | undefined,
  ): string | undefined {
    if (environment.network.s3Access !== "gateway") {
      return undefined;
    }
    return network === undefined
      ? new DataAwsPrefixList(this, "s3-prefix-list", { name: `com.amazonaws.${environment.region}.s3` }).id
      : network.entry("prefix_list_ids", "s3");
  }
}
