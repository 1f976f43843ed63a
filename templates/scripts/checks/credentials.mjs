// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { reasonOf, run, runJson } from "./run-program.mjs";

/** Checks that programs are on the PATH. */
export function checkTools(report, programs) {
  const missing = Object.entries(programs).filter(([program, args]) => run(program, args).missing);
  for (const [program] of missing) {
    report.broken("tools", "tool-missing", `${program} is not on the PATH`, `install ${program}, and try again`);
  }
  if (missing.length === 0) {
    report.ok("tools", Object.keys(programs).join(", "));
  }
}

/** Checks who calls AWS, and in which account. @returns the caller, or undefined where there is none */
export function checkIdentity(report, { accountId, region }) {
  const answer = runJson("aws", ["sts", "get-caller-identity", "--region", region, "--output", "json"]);
  const check = "identity";
  if (!answer.ok) {
    const reason = reasonOf(answer);
    if (/expired/i.test(reason)) {
      report.broken(check, "credentials-expired", reason, "log in again: aws sso login, or assume the role again");
    } else if (/locate credentials|no credentials|config profile|InvalidClientTokenId|not be found/i.test(reason)) {
      report.broken(check, "credentials-missing", reason, "log in, and name the profile in AWS_PROFILE");
    } else {
      report.broken(check, "aws-unreachable", reason, "look at the network, the proxy and the region");
    }
    return undefined;
  }
  const { Account, Arn } = answer.value;
  if (accountId !== null && Account !== accountId) {
    const detail = `${Arn} belongs to account ${Account}, and the environment is in ${accountId}`;
    report.broken(check, "account-wrong", detail, "use credentials of that account");
    return undefined;
  }
  report.ok(check, `${Arn} in ${Account}`);
  return { account: Account, arn: Arn };
}
