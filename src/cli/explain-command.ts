// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { repositoryRoot } from "../policy/repository-root";
import type { ExplanationReport } from "../reports/explanation-report";
import { FORMAT } from "../reports/report-format";
import { CommandError } from "./command-error";
import type { CommandIo } from "./command-io";
import { parseCommandLine } from "./command-line";
import { ExitCode } from "./exit-code";
import { explain } from "./explanation";

const HELP = `Usage: ray-platform explain ID [--json]
       ray-platform explain PATH[:LINE] [--json]

Says in ten lines what something is, why it is there, which option, control, policy and test are behind it, and how to
change it. ID is a control (NET-06), a policy rule (terraform/imdsv2), an option (network.nat), or a workflow: its file's
name (tfsec) or one of its checks ("Build and test"). PATH is a file of the repository; a line of a synthesized stack leads
to its resource and to what makes it.

Reads the repository as it is on disk, and runs nothing.

Exit codes: 0 explained, 1 there is no such thing.

  --json  the same for machines
`;

/** Runs `ray-platform explain`. */
export function explainCommand(argv: readonly string[], io: CommandIo): ExitCode {
  const line = parseCommandLine(argv, { json: { type: "boolean" } }, true);
  if (line.has("help")) {
    io.out(HELP);
    return ExitCode.CLEAN;
  }
  const [asked, ...more] = line.positionals;
  if (asked === undefined || more.length > 0) {
    throw new CommandError(`name one thing to explain\n\n${HELP}`);
  }
  const explanation = explain(asked, repositoryRoot(io.cwd), io.cwd);
  if (line.has("json")) {
    const report: ExplanationReport = { format: FORMAT, ...explanation };
    io.out(`${JSON.stringify(report, null, 2)}\n`);
    return ExitCode.CLEAN;
  }
  const width = Math.max(...explanation.lines.map(({ label }) => label.length));
  io.out(`${explanation.subject} (${explanation.kind})\n`);
  for (const { label, text } of explanation.lines) {
    io.out(`  ${label.padEnd(width)}  ${text}\n`);
  }
  return ExitCode.CLEAN;
}
