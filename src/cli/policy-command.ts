// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { judgeControls } from "../environment/judge-controls";
import { readForeignStream } from "../foreign-file";
import { judgeByCustomPolicies, testPolicies } from "../policy/custom-policies";
import { coverageOf, embeddedRayResources, judge, policyDocuments } from "../policy/judgement";
import { withDeclarations } from "../policy/declarations";
import { loadPolicies } from "../policy/load-policies";
import { judgePrograms } from "../policy/judge-programs";
import { differingPolicies, OwnPolicies } from "../policy/own-policies";
import { type PolicyInput, readInputs } from "../policy/policy-input";
import { sarifReport } from "../policy/report-sarif";
import { tableReport } from "../policy/report-table";
import { repositoryLimits } from "../policy/repository-limits";
import { repositoryRoot } from "../policy/repository-root";
import { type Rule, ruleList } from "../policy/rule-list";
import type { PolicyReport } from "../reports/policy-report";
import { FORMAT } from "../reports/report-format";
import { readLock } from "../sync/store/lock-file";
import { CommandError } from "./command-error";
import type { CommandIo } from "./command-io";
import { parseCommandLine } from "./command-line";
import { judgeDeployedCharts } from "./deployed-charts";
import { judgeGateWorkflows } from "./judge-gate-workflows";
import { judgeStackFiles } from "./stack-files";

/** Exit codes of `ray-platform policy`. */
export enum PolicyExitCode {
  /** Nothing is denied; there may be warnings. */
  CLEAN = 0,
  /** No verdict: wrong usage, an input that cannot be read, or a tool that is missing. */
  ERROR = 1,
  /** Something is denied. */
  DENIED = 2,
}

const HELP = `Usage: ray-platform policy [FILE...] [--json | --sarif] [--limits FILE] [--stack NAME]
       ray-platform policy --explain RULE
       ray-platform policy --test

Evaluates the policies on Terraform plans ("terraform show -json PLAN"), synthesized stacks (cdk.tf.json) and Kubernetes
manifests (YAML or JSON, several documents in one file). FILE may be a directory, or - for standard input. Without FILE
it takes what "npx projen synth" wrote: cdktf.out/stacks/*/cdk.tf.json and cdktf.out/manifests/.

Charts of the repository that a stack or plan installs must be, file by file, those that ray-platform ships: the policies
judge their values. Those that the option release names cause a warning. Without FILE, and with --stack, no file next to
the synthesized stacks may be one that Terraform would deploy with them.

What would run a program, reach another machine or read a file when a stack is planned is denied: provisioners, modules,
ephemeral resources, providers and data from third parties, functions that read files, other endpoints. The option
workflows.policy.exceptions lets single ones through.

Without FILE the controls of docs/security-architecture.md are judged too, on all stacks of each environment together, and
the workflows of the CI gates as they are on disk: one that runs nothing is denied, one that is released causes a warning.
With --stack NAME they are judged on the plan, which is of that stack, and on the environment's other stacks as synthesized.

A stack is judged before there is a plan: what only a plan shows is unknown, and references between the stacks that
are judged together are followed.

Limits, custom Rego and synthesized files are those of the repository that the current directory is in. Each report
ends with what was judged and what was not, and why.

Exit codes: 0 nothing is denied, 1 no verdict (usage, unreadable input, missing tool), 2 something is denied.

  --json          print the violations as JSON
  --sarif         print them as SARIF 2.1.0
  --limits FILE   limits; default: policies/data.json, if it exists, over those of the policies
  --stack NAME    the stack that the plan belongs to, such as prod-cluster
  --test          check and test all Rego of the repository with OPA: 2 if a check or a test fails
  --explain RULE  say what a rule asks for, and how to satisfy it; "all" lists the rules

Rego in policies/ that differs from what ray-platform ships is evaluated as it is, with OPA from the PATH.

Rego in policies/custom/ (packages custom.terraform and custom.ray, sets deny and warn) is evaluated too, with OPA from
the PATH. It runs without network and with an empty environment, and http.send, json.match_schema, json.verify_schema,
net.lookup_ip_addr and opa.runtime are not available to it.
`;

/** Runs `ray-platform policy`. @param readStandardInput how to read `-`; default: the process's own input. */
export async function runPolicyCommand(
  argv: readonly string[],
  io: CommandIo,
  readStandardInput: () => Buffer | string = () => readForeignStream(0, undefined, "<stdin>"),
): Promise<PolicyExitCode> {
  const line = parseCommandLine(
    argv,
    {
      json: { type: "boolean" },
      sarif: { type: "boolean" },
      limits: { type: "string" },
      stack: { type: "string" },
      explain: { type: "string" },
      test: { type: "boolean" },
    },
    true,
  );
  if (line.has("help")) {
    io.out(HELP);
    return PolicyExitCode.CLEAN;
  }
  if (line.has("test")) {
    const { output, isContent } = testPolicies(repositoryRoot(io.cwd));
    io.out(output);
    return isContent ? PolicyExitCode.CLEAN : PolicyExitCode.DENIED;
  }
  const explained = line.value("explain");
  if (explained !== undefined) {
    io.out(explain(explained, ruleList()));
    return PolicyExitCode.CLEAN;
  }
  if (line.has("json") && line.has("sarif")) {
    throw new CommandError("--json and --sarif cannot be combined");
  }
  const root = repositoryRoot(io.cwd);
  const limits = repositoryLimits(io.cwd, root, line.value("limits"));
  const { inputs, skipped } = readInputs(io.cwd, root, line.positionals, readStandardInput);
  const documents = policyDocuments(inputs);
  const stack = line.value("stack");
  const plan = stack === undefined ? undefined : { stack, input: onlyPlan(inputs) };
  const differing = differingPolicies(root);
  const policies = differing.length > 0 ? new OwnPolicies(root, differing) : await loadPolicies();
  const { lock } = readLock(root);
  const charts = judgeDeployedCharts(inputs, root, io.cwd, lock);
  const isWhole = line.positionals.length === 0 || plan !== undefined;
  const controls = isWhole ? judgeControls(policies, io.cwd, root, plan) : undefined;
  const found = [
    ...judge(policies, documents, limits),
    ...(controls?.judgements ?? []),
    ...charts.judgements,
    ...judgePrograms(inputs, root),
    ...(isWhole ? judgeStackFiles(root, io.cwd) : []),
    ...(isWhole ? judgeGateWorkflows(root, io.cwd, lock) : []),
    ...judgeByCustomPolicies(root, [...documents, ...embeddedRayResources(documents)], limits),
  ];
  const judgements = withDeclarations(found, inputs, io.cwd, root);
  const coverage = {
    files: coverageOf(policies, documents),
    skipped: [...skipped, ...charts.skipped],
    ...(controls && controls.environments.length > 0 && { environments: controls.environments }),
  };
  const isDenied = judgements.some(({ deny }) => deny.length > 0);
  const code = isDenied ? PolicyExitCode.DENIED : PolicyExitCode.CLEAN;
  if (line.has("json")) {
    const report: PolicyReport = { format: FORMAT, exitCode: code, files: judgements, coverage };
    io.out(`${JSON.stringify(report, null, 2)}\n`);
  } else if (line.has("sarif")) {
    io.out(sarifReport(judgements, ruleList(), coverage, { cwd: io.cwd, root }));
  } else {
    io.out(tableReport(judgements, coverage));
  }
  return code;
}

/** The plan that `--stack` speaks of. @throws CommandError unless one plan was named, and nothing else */
function onlyPlan(inputs: readonly PolicyInput[]): PolicyInput {
  const [plan, ...others] = inputs;
  if (plan?.kind !== "plan" || others.length > 0) {
    throw new CommandError("--stack needs one plan as FILE, and nothing else");
  }
  return plan;
}

function explain(id: string, rules: readonly Rule[]): string {
  if (id === "all") {
    return rules.map((rule) => `${rule.id.padEnd(36)} ${rule.severity.padEnd(8)} ${rule.title}\n`).join("");
  }
  const found = rules.filter((rule) => rule.id === id || rule.id.endsWith(`/${id}`));
  if (found.length === 0) {
    throw new CommandError(`there is no rule ${JSON.stringify(id)}; "--explain all" lists them`);
  }
  return found
    .map(({ id: name, title, severity, description, row, fix }) =>
      [`${name} (${severity}): ${title}`, "", description, "", `Security document: ${row}`, `Fix: ${fix}`, ""].join(
        "\n",
      ),
    )
    .join("\n");
}
