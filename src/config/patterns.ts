// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { IssueList } from "../options/option-issues";

/** What a string may look like, so that nothing in it can leave its place in YAML, HCL, Rego, shell or Markdown. */
export interface Pattern {
  readonly expression: RegExp;
  readonly rule: string;
  readonly fix: string;
}

/** Forms of the strings that options accept, each with the documentation it is taken from. */
export const PATTERNS = {
  projectName: {
    expression: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,29}$/,
    rule: "lower-case letters, digits and single hyphens, starting with a letter, at most 30 characters",
    fix: "choose a name such as ray-platform (with projen new: --name ray-platform)",
  },
  environmentName: {
    expression: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,15}$/,
    rule: "lower-case letters, digits and single hyphens, starting with a letter, at most 16 characters",
    fix: "choose a name such as prod",
  },
  clusterName: {
    // EKS allows 100 characters and upper case, but IAM role names (64) and the RayCluster (a DNS label) are made from
    // it.
    expression: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,39}$/,
    rule: "lower-case letters, digits and single hyphens, starting with a letter, at most 40 characters (role names are made from it)",
    fix: "choose a shorter name such as ray-prod (for all environments: clusterName; the environment's name is appended)",
  },
  poolName: {
    expression: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,19}$/,
    rule: "lower-case letters, digits and single hyphens, starting with a letter, at most 20 characters",
    fix: "choose a name such as gpu-large",
  },
  kubernetesName: {
    expression: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,39}$/,
    rule: "lower-case letters, digits and single hyphens, starting with a letter, at most 40 characters",
    fix: "choose a name such as gpu-workers",
  },
  accountId: { expression: /^\d{12}$/, rule: "an AWS account id: 12 digits", fix: 'quote it: "111122223333"' },
  githubOwner: {
    expression: /^[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}$/,
    rule: "a GitHub user or organization: letters, digits and single hyphens, at most 39 characters",
    fix: "copy it from the repository's address",
  },
  githubRepository: {
    expression: /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
    rule: "a GitHub repository name: letters, digits, dots, hyphens and underscores, at most 100 characters",
    fix: "copy it from the repository's address, without the owner",
  },
  githubEnvironment: {
    expression: /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    rule: "a GitHub environment of letters, digits, dots, hyphens and underscores, at most 100 characters",
    fix: "choose a name such as prod",
  },
  githubId: {
    expression: /^[1-9]\d{0,18}$/,
    rule: "a numeric GitHub id",
    fix: "ask: gh api repos/OWNER/REPO --jq .id",
  },
  branch: {
    expression: /^(?!.*(?:\.\.|\/\/|@\{|\.lock$|\/$))[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/,
    rule: "a git branch name of letters, digits, dots, slashes, hyphens and underscores",
    fix: "choose a name such as main",
  },
  vpcId: { expression: /^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, rule: "a VPC id", fix: "copy it from the VPC console" },
  subnetId: {
    expression: /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
    rule: "a subnet id",
    fix: "copy it from the VPC console",
  },
  reservationId: {
    expression: /^cr-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
    rule: "a capacity reservation id",
    fix: "copy it from the EC2 console",
  },
  kmsKeyArn: {
    expression: /^arn:aws(?:-cn|-us-gov)?:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
    rule: "the ARN of a KMS key (not of an alias)",
    fix: "write arn:aws:kms:REGION:ACCOUNT:key/KEY-ID",
  },
  principalArn: {
    expression: /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:(?:role|user)\/(?!.*\.\.)[A-Za-z0-9+=,.@_/-]{1,576}$/,
    rule: "the ARN of an IAM role or user",
    fix: "write arn:aws:iam::ACCOUNT:role/NAME",
  },
  personArn: {
    // A permission set's role ends in a hash that nobody knows beforehand.
    expression:
      /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:(?:(?:role|user)\/(?!.*\.\.)[A-Za-z0-9+=,.@_/-]{1,576}|role\/aws-reserved\/sso\.amazonaws\.com\/(?:\*\/|[a-z0-9-]+\/)?AWSReservedSSO_[A-Za-z0-9+=,.@-]{1,32}_\*)$/,
    rule: "the ARN of an IAM role or user; only in the name of a permission set's role is a wildcard allowed, for its hash",
    fix: "write arn:aws:iam::ACCOUNT:role/NAME or arn:aws:iam::ACCOUNT:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_NAME_*",
  },
  policyArn: {
    expression: /^arn:aws(?:-cn|-us-gov)?:iam::(?:\d{12}|aws):policy\/(?!.*\.\.)[A-Za-z0-9+=,.@_/-]{1,640}$/,
    rule: "the ARN of an IAM policy",
    fix: "write arn:aws:iam::ACCOUNT:policy/NAME",
  },
  oidcProviderArn: {
    expression: /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/,
    rule: "the ARN of the account's OIDC provider for GitHub Actions",
    fix: "write arn:aws:iam::ACCOUNT:oidc-provider/token.actions.githubusercontent.com",
  },
  bucket: {
    expression:
      /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(?:-s3alias|--ol-s3|--x-s3|--table-s3)$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    rule: "an S3 bucket name without dots: 3 to 63 lower-case letters, digits and hyphens, no prefix or suffix that S3 reserves",
    fix: "choose a name such as acme-ray-prod-tfstate",
  },
  bucketPrefix: {
    // The slash keeps the rights on train/ from reaching training-secrets/; a wildcard or a variable would reach
    // further.
    expression: /^(?!\/)(?!.*(?:\/\/|\.\.\/))[A-Za-z0-9!_.()'=/-]{1,199}\/$/,
    rule: "the prefix of objects with a slash at its end: letters, digits and ! _ . ( ) ' = / -",
    fix: "write a prefix such as datasets/",
  },
  secretName: {
    expression: /^(?!.*\.\.\/)[A-Za-z0-9/_+=.@-]{1,200}$/,
    rule: "the name of a secret in Secrets Manager: letters, digits and / _ + = . @ -",
    fix: "write the name, not the ARN",
  },
  iamAction: {
    expression: /^[a-z0-9][a-z0-9-]*:(?!\*+$)[A-Za-z0-9*]{1,100}$/,
    rule: "an IAM action with its service; a wildcard may replace only part of the name",
    fix: "write service:Action, such as dynamodb:GetItem",
  },
  resourceArn: {
    // No variables: Terraform would read ${ as its own, and placeholders are the platform's.
    expression:
      /^arn:aws(?:-cn|-us-gov)?:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12}|aws)?:(?!\*+$)(?!.*\.\.\/)[A-Za-z0-9+=,.@_/:*?-]{1,500}$/,
    rule: "the ARN of a resource; a wildcard may be part of its last part, but not all of it",
    fix: "write arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE",
  },
  endpointService: {
    expression: /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/,
    rule: "the name of an endpoint service without the region",
    fix: "write the part after com.amazonaws.REGION.",
  },
  tagKey: {
    expression: /^(?!aws:| |.* $)(?!.*\.\.\/)[A-Z0-9 _.:/=+@-]{1,128}$/i,
    rule: "an AWS tag key: at most 128 letters, digits, inner spaces and _ . : / = + - @, not starting with aws:",
    fix: "remove other characters",
  },
  tagValue: {
    expression: /^(?! |.* $)(?!.*\.\.\/)[A-Za-z0-9 _.:/=+@-]{1,256}$/,
    rule: "an AWS tag value: 1 to 256 letters, digits, inner spaces and _ . : / = + - @",
    fix: "remove other characters",
  },
  labelKey: {
    expression: /^(?:[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    rule: "a Kubernetes label key",
    fix: "write name or domain.example/name",
  },
  labelValue: {
    expression: /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    rule: "a Kubernetes label value of at most 63 characters",
    fix: "remove other characters",
  },
  imageRegistry: {
    expression: /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/,
    rule: "the host of a registry that has a mirror of every image, with a path prefix",
    fix: "write registry.example.com/mirror; the images' own registries are out of reach of nodes",
  },
  ecrPrefix: {
    expression: /^(?=.{2,100}$)[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/,
    rule: "a path of ECR repositories: lower-case letters, digits and single . _ - / between them, 2 to 100 characters",
    fix: "write a path such as ray-platform/prod",
  },
  imageRepository: {
    expression: /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?::\d{1,5})?(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/,
    rule: "a container image repository without a tag",
    fix: "write registry.example.com/path/image",
  },
  image: {
    expression:
      /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?::\d{1,5})?(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/,
    rule: "a container image with a tag",
    fix: "write repository:tag",
  },
  redisAddress: {
    expression: /^rediss?:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/,
    rule: "the address of a Redis server",
    fix: "write rediss://host:6379",
  },
  rayVersion: { expression: /^\d+\.\d+\.\d+$/, rule: "a Ray version", fix: "write a version such as 2.52.0" },
  rayParameter: {
    expression: /^(?!.*\.\.\/)[A-Za-z0-9][A-Za-z0-9._:/,=-]{0,199}$/,
    rule: "a value of at most 200 letters, digits and . _ : / , = - without ../",
    fix: "remove other characters",
  },
  plainText: {
    // Characters that reorder or hide others make a document say what its source does not; two of them join letters.
    expression: /^(?!.*(?:[$%]\{|\{\{|\.\.\/))(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}`<>]|[\u200c\u200d]){1,200}$/u,
    rule: "one line of at most 200 characters without control characters, invisible ones, backquotes, angle brackets, ${, %{, {{ or ../",
    fix: "remove those characters",
  },
  embeddedText: {
    // Terraform would evaluate ${ and %{, and Helm {{, wherever the text ends up.
    expression:
      /^(?![\s\S]*(?:[$%]\{|\{\{|\.\.\/))(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}`]|[\t\n\u200c\u200d]){1,10000}$/u,
    rule: "text of at most 10000 characters, without control characters other than line breaks and tabs, invisible ones, backquotes, ${, %{, {{ or ../",
    fix: "remove those characters",
  },
  directory: {
    expression: /^(?!.*(?:[$%]\{|\{\{))[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}`<>]{1,4096}$/u,
    rule: "the path of a directory on one line, without control characters, invisible ones, backquotes, angle brackets, ${, %{ or {{",
    fix: "choose another directory",
  },
  packageSpec: {
    expression:
      /^(?:@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*@(?:(?:npm:(?:@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*@)?(?!.*\.\.)[0-9^~<>=*][0-9A-Za-z^~<>=.*|+ -]*|file:[A-Za-z0-9 @._~/:\\+()-]+|(?:git\+https|git\+ssh|https):\/\/(?!.*\.\.)[A-Za-z0-9@:._~/#%+-]+)$/,
    rule: "a package with a version, so that the same options always give the same package.json",
    fix: "write name@1.2.3",
  },
  codeOwner: {
    expression: /^@[A-Za-z0-9-]+(?:\/[A-Za-z0-9._-]+)?$/,
    rule: "a GitHub user or team",
    fix: "write @user or @organization/team",
  },
  version: {
    expression: /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/,
    rule: "an exact version",
    fix: "write a version such as 1.2.3",
  },
  releasedPath: {
    expression: /^(?!\/|.*\.\.|(?:.*\/)?\.(?:\/|$))[A-Za-z0-9._/*?-]{1,200}$/,
    rule: "a path or pattern within the project, with forward slashes",
    fix: "write a path such as .github/workflows/codeql.yml, or a pattern such as docs/**",
  },
  filePath: {
    expression: /^(?!\/|.*\.\.|(?:.*\/)?\.(?:\/|$))[A-Za-z0-9._/-]{1,200}$/,
    rule: "a path within the project, with forward slashes",
    fix: "write a path such as .github/workflows/codeql.yml",
  },
} as const satisfies Record<string, Pattern>;

/** Whether a text has a form. */
export function isPattern(value: string, name: keyof typeof PATTERNS): boolean {
  return PATTERNS[name].expression.test(value);
}

/** Adds an issue if the value is given and does not match. @returns whether it is given and matches */
export function checkPattern(
  value: string | undefined,
  name: keyof typeof PATTERNS,
  path: string,
  issues: IssueList,
): value is string {
  if (value === undefined) {
    return false;
  }
  const { expression, rule, fix }: Pattern = PATTERNS[name];
  if (!expression.test(value)) {
    issues.add(path, value, rule, fix);
    return false;
  }
  return true;
}

/**
 * Adds an issue if the number is given and not a whole number (or, with `fraction`, a number) within the bounds.
 *
 * `limit` is the option that sets the upper bound, where that is not fixed.
 */
export function checkNumber(
  value: number | undefined,
  bounds: { readonly min: number; readonly max: number; readonly fraction?: boolean; readonly limit?: string },
  path: string,
  issues: IssueList,
): value is number {
  if (value === undefined) {
    return false;
  }
  const kind = bounds.fraction ? "a number" : "a whole number";
  if ((!bounds.fraction && !Number.isInteger(value)) || value < bounds.min || value > bounds.max) {
    const { min, max, limit } = bounds;
    const isLimited = limit !== undefined && value > max;
    issues.add(
      path,
      value,
      `must be ${kind} from ${min} to ${max}${isLimited ? `, the most that ${limit} admits` : ""}`,
      `choose a value within the bounds${isLimited ? `, or raise ${limit}` : ""}`,
    );
    return false;
  }
  return true;
}
