// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { Fn } from "cdktf";
import { Construct } from "constructs";

export interface OidcProviderProps {
  readonly cluster: EksCluster;
}

/**
 * The cluster's identity provider (control IRSA-04). It has no thumbprint: IAM verifies the issuer's certificate by itself,
 * and a runner inside a VPC with the `eks` endpoint could not even resolve the issuer's name to compute one.
 */
export class OidcProvider extends Construct {
  public readonly provider: IamOpenidConnectProvider;
  /** Issuer without scheme, the prefix of the trust policies' condition keys; taken from the provider, so that it exists. */
  public readonly issuer: string;

  constructor(scope: Construct, id: string, { cluster }: OidcProviderProps) {
    super(scope, id);
    this.provider = new IamOpenidConnectProvider(this, "provider", {
      url: cluster.identity.get(0).oidc.get(0).issuer,
      clientIdList: ["sts.amazonaws.com"],
    });
    this.issuer = Fn.element(Fn.split("oidc-provider/", this.provider.arn), 1);
  }
}
