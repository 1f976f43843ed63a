// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** The part of a synthesized `cdk.tf.json` that speaks of resources. */
export interface TerraformStack {
  readonly resource?: Resources;
  readonly data?: Resources;
}

interface Account {
  readonly accountId: string;
  readonly region: string;
}

/** How the ARN of a kind of resource is made of what the stack says of it. */
type ArnOf = (account: Account, body: Readonly<Record<string, unknown>>, address: string) => string;

const inRegion =
  (service: string, resource: (body: Readonly<Record<string, unknown>>, address: string) => string): ArnOf =>
  ({ accountId, region }, body, address) =>
    `arn:aws:${service}:${region}:${accountId}:${resource(body, address)}`;
const inIam =
  (resource: (body: Readonly<Record<string, unknown>>) => string): ArnOf =>
  ({ accountId }, body) =>
    `arn:aws:iam::${accountId}:${resource(body)}`;

/** Kinds whose ARNs policies name. Where AWS chooses the last part, the address in the stack stands for it. */
const ARNS: Readonly<Record<string, ArnOf>> = {
  aws_cloudwatch_log_group: inRegion("logs", ({ name }) => `log-group:${name}`),
  aws_eks_cluster: inRegion("eks", ({ name }) => `cluster/${name}`),
  aws_iam_openid_connect_provider: inIam(({ url }) => `oidc-provider/${String(url).replace("https://", "")}`),
  aws_iam_policy: inIam(({ path, name }) => `policy${path ?? "/"}${name}`),
  aws_iam_role: inIam(({ path, name }) => `role${path ?? "/"}${name}`),
  aws_kms_key: inRegion("kms", (_, address) => `key/${address}`),
  aws_s3_bucket: (_, { bucket }) => `arn:aws:s3:::${bucket}`,
  aws_sqs_queue: inRegion("sqs", ({ name }) => String(name)),
};

/** Reads texts of a synthesized stack with Terraform's references replaced by what they will be. */
export class TerraformReferences {
  public constructor(
    private readonly stack: TerraformStack,
    private readonly account: Account,
  ) {}

  /** ARN of a resource of the stack. */
  public arn(type: string, address: string): string {
    const body = this.stack.resource?.[type]?.[address];
    const arnOf = ARNS[type];
    if (body === undefined || arnOf === undefined) {
      throw new Error(`the stack has no ${type}.${address} with an ARN that can be known before it is made`);
    }
    return this.text(arnOf(this.account, body, address));
  }

  /**
   * A text with its references replaced, and `$${` unescaped. A reference to what only AWS knows becomes the words of the
   * reference, so that it equals nothing but itself.
   */
  public text(value: unknown): string {
    return String(value).replace(/\$\$\{|\$\{([^}]*)\}/g, (whole, expression: string | undefined) =>
      expression === undefined ? "${" : (this.referred(expression) ?? whole.replace(/[^\w.-]+/g, "-")),
    );
  }

  private referred(expression: string): string | undefined {
    if (/^data\.aws_caller_identity\.[\w-]+\.account_id$/.test(expression)) {
      return this.account.accountId;
    }
    const [, type, address, attribute] = /^(aws_\w+)\.([\w-]+)\.(\w+)$/.exec(expression) ?? [];
    if (type === undefined || address === undefined || attribute === undefined) {
      return undefined;
    }
    if (attribute === "arn" && ARNS[type] !== undefined) {
      return this.arn(type, address);
    }
    const known = this.stack.resource?.[type]?.[address]?.[attribute];
    return typeof known === "string" ? this.text(known) : undefined;
  }
}
