// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { reasonOf, runJson } from "./run-program.mjs";

const JSON_OUTPUT = ["--output", "json"];

/** An account has one OIDC provider for GitHub: is the one there that the options name, or in the way? */
export function checkOidcProvider(report, environment, environments, { account }) {
  const check = "OIDC provider of GitHub";
  const { deployment, accountId, cluster } = environment;
  if (!deployment.githubOidc) {
    report.ok(check, "not needed: the options name no GitHub repository");
    return;
  }
  const list = runJson("aws", ["iam", "list-open-id-connect-providers", ...JSON_OUTPUT]);
  if (!list.ok) {
    report.notChecked(check, reasonOf(list));
    return;
  }
  const arn = (list.value.OpenIDConnectProviderList ?? [])
    .map(({ Arn }) => Arn)
    .find((one) => one.endsWith(":oidc-provider/token.actions.githubusercontent.com"));
  const wanted = deployment.oidcProviderArn;
  const maker = environments.find(
    (one) => one.deployment.githubOidc && one.deployment.oidcProviderArn === null && one.accountId === accountId,
  );
  if (wanted === null && arn !== undefined && !isOwn(arn, cluster.name)) {
    const fix = `set githubOidcProviderArn to ${arn}`;
    report.broken(
      check,
      "oidc-provider-exists",
      `${account} has one already, and the bootstrap stack would make it`,
      fix,
    );
  } else if (wanted !== null && arn === undefined && maker === undefined) {
    const fix = "remove githubOidcProviderArn, or make the provider";
    report.broken(check, "oidc-provider-missing", `${wanted} is not there`, fix);
  } else {
    report.ok(check, arn ?? `made by ${maker?.name ?? environment.name}-bootstrap`);
  }
}

/** Whether an earlier deployment of this environment made the provider. */
function isOwn(arn, cluster) {
  const args = ["iam", "list-open-id-connect-provider-tags", "--open-id-connect-provider-arn", arn];
  const tags = runJson("aws", [...args, ...JSON_OUTPUT]).value?.Tags ?? [];
  return tags.some(({ Key, Value }) => Key === "ray-platform/cluster" && Value === cluster);
}

/** Roles of AWS services that a fresh account lacks. */
export function checkServiceRoles(report, { pools }) {
  const needs = [
    {
      name: "AWSServiceRoleForAutoScaling",
      service: "autoscaling.amazonaws.com",
      why: "the key of a pool's volumes must admit it",
      isNeeded: pools.some(({ volume }) => volume.kmsKeyArn !== null),
    },
    {
      name: "AWSServiceRoleForEC2Spot",
      service: "spot.amazonaws.com",
      why: "a spot pool needs it",
      isNeeded: pools.some(({ capacityType }) => capacityType === "SPOT"),
    },
  ];
  for (const { name, service, why } of needs.filter((need) => need.isNeeded)) {
    const check = `role ${name}`;
    const answer = runJson("aws", ["iam", "get-role", "--role-name", name, ...JSON_OUTPUT]);
    if (answer.ok) {
      report.ok(check, "is there");
    } else if (/NoSuchEntity/.test(answer.stderr)) {
      const fix = `aws iam create-service-linked-role --aws-service-name ${service}`;
      report.broken(check, "service-role-missing", `the account has none, and ${why}`, fix);
    } else {
      report.notChecked(check, reasonOf(answer));
    }
  }
}

/** What applying the bootstrap stack takes, among what policies of an organization most often withhold. */
const BOOTSTRAP_ACTIONS = [
  "iam:CreateOpenIDConnectProvider",
  "iam:CreatePolicy",
  "iam:CreateRole",
  "iam:CreateServiceLinkedRole",
  "kms:CreateKey",
  "s3:CreateBucket",
  "s3:PutBucketPolicy",
];

/** Whether the caller may apply the bootstrap stack, as far as IAM can tell. */
export function checkRights(report, environment, { arn }) {
  const check = "your rights";
  if (arn.endsWith(":root")) {
    report.ok(check, "those of the account's root user; use a role instead");
    return;
  }
  const args = ["iam", "simulate-principal-policy", "--policy-source-arn", principalArn(arn), "--action-names"];
  const answer = runJson("aws", [...args, ...BOOTSTRAP_ACTIONS, ...JSON_OUTPUT]);
  if (!answer.ok) {
    report.notChecked(check, reasonOf(answer));
    return;
  }
  const denied = answer.value.EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== "allowed");
  if (denied.length === 0) {
    report.ok(check, `enough for ${environment.name}-bootstrap`);
  } else {
    const names = denied.map(({ EvalActionName, EvalDecision }) => `${EvalActionName} (${EvalDecision})`);
    const fix = `let an administrator of the account apply ${environment.name}-bootstrap`;
    report.broken(check, "rights-missing", `${arn} may not: ${names.join(", ")}`, fix);
  }
}

/** The role behind a session. Its path is not in the session's ARN; IAM names it. */
function principalArn(arn) {
  const session = /^(arn:[^:]+:)sts(::\d+:)assumed-role\/([^/]+)\//.exec(arn);
  if (session === null) {
    return arn;
  }
  const [, start, account, role] = session;
  const answer = runJson("aws", ["iam", "get-role", "--role-name", role, ...JSON_OUTPUT]);
  return answer.value?.Role?.Arn ?? `${start}iam${account}role/${role}`;
}
