// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Will a first deployment be stopped? Asks the account before anything is deployed. Changes nothing.
import { checkBuckets } from "./checks/account-buckets.mjs";
import { checkQuotas } from "./checks/account-quotas.mjs";
import { checkOidcProvider, checkRights, checkServiceRoles } from "./checks/account-roles.mjs";
import { checkOffers, checkZones } from "./checks/account-zones.mjs";
import { CheckReport } from "./checks/check-report.mjs";
import { checkIdentity, checkTools } from "./checks/credentials.mjs";
import { calledFor } from "./checks/environment.mjs";

const USAGE = `usage: node scripts/preflight.mjs --environment NAME [--json]

Asks the AWS account of an environment what usually stops a first deployment: quotas for the pools' instance families, zones
that EKS refuses, where the instance types are offered, the OIDC provider of GitHub, service-linked roles, names of buckets,
and your rights. Uses the credentials of the AWS CLI: those of the administrator who applies the bootstrap stack. It changes
nothing.

  -e, --environment NAME  default: the only one
  --json                  print the findings as JSON

Exit codes: 0 nothing is in the way, 1 something is, 2 wrong command line. docs/troubleshooting.md explains each code.`;

const { environment, environments, values } = calledFor(USAGE, { json: { type: "boolean", default: false } });
const report = new CheckReport(values);
checkTools(report, { aws: ["--version"] });
const caller = report.failed("tools") ? undefined : checkIdentity(report, environment);
if (caller === undefined) {
  report.notChecked("everything else", "it needs the AWS CLI, and credentials of the account");
} else {
  checkZones(report, environment);
  checkOffers(report, environment);
  checkQuotas(report, environment);
  checkOidcProvider(report, environment, environments, caller);
  checkServiceRoles(report, environment);
  checkBuckets(report, environment, caller);
  checkRights(report, environment, caller);
}
process.exitCode = report.finish(environment.name);
