// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Is what was deployed as it should be? Asks AWS, Kubernetes and, with --jobs, Ray. Read-only without --jobs.
import { CheckReport } from "./checks/check-report.mjs";
import { checkCluster } from "./checks/cluster.mjs";
import { checkIdentity, checkTools } from "./checks/credentials.mjs";
import { checkData } from "./checks/data.mjs";
import { calledFor } from "./checks/environment.mjs";
import { checkJobs } from "./checks/jobs.mjs";
import { checkNodes } from "./checks/nodes.mjs";
import { checkRay } from "./checks/ray.mjs";
import { checkReach } from "./checks/reach.mjs";
import { checkState } from "./checks/state.mjs";
import { checkWorkloads } from "./checks/workloads.mjs";

const USAGE = `usage: node scripts/verify-platform.mjs --environment NAME [--jobs] [--json]

Checks a deployed environment: credentials, cluster, reach, node pools, add-ons, workloads, Ray's head and workers, token,
data. Uses the credentials of the AWS CLI, and the cluster that kubectl is pointed at. It changes nothing.

  -e, --environment NAME  default: the only one
  --jobs                  also submit the examples to Ray: a CPU job, with data where the options name some, and a GPU job.
                          They start workers and nodes, which cost money until they are idle again. Needs ray.
  --json                  print the findings as JSON

Exit codes: 0 nothing is broken, 1 something is, 2 wrong command line. docs/troubleshooting.md explains each code.`;

const { environment, values } = calledFor(USAGE, {
  jobs: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
});
const report = new CheckReport(values);
checkTools(report, {
  aws: ["--version"],
  kubectl: ["version", "--client"],
  ...(values.jobs && { ray: ["--version"] }),
});
const hasTools = !report.failed("tools");
const caller = hasTools ? checkIdentity(report, environment) : undefined;
if (caller === undefined) {
  report.notChecked("everything else", "it needs the tools, and credentials of the account");
} else {
  checkState(report, environment);
  checkCluster(report, environment);
  if (report.failed("cluster")) {
    report.notChecked("what is in the cluster", "the cluster does not exist, or is not active");
  } else if (checkReach(report, environment)) {
    checkNodes(report, environment);
    checkWorkloads(report, environment);
    checkRay(report, environment);
    checkData(report, environment, caller.account);
    if (values.jobs) {
      await checkJobs(report, environment);
    } else {
      report.notChecked("jobs", "--jobs submits the examples");
    }
  } else {
    report.notChecked("what is in the cluster", "kubectl cannot reach it");
  }
}
process.exitCode = report.finish(environment.name);
