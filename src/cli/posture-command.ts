// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import { PACKAGE_VERSION } from "../package-version";
import { pathReference } from "../portable-path";
import { repositoryRoot } from "../policy/repository-root";
import { type DatedSubject, oscal } from "../posture/oscal";
import { postureChanges } from "../posture/posture-changes";
import { posturePage } from "../posture/posture-page";
import type { PostureSubject } from "../posture/posture-subject";
import { policyReport } from "../reports/policy-report";
import type { PostureControl, PostureReport } from "../reports/posture-report";
import { FORMAT } from "../reports/report-format";
import { CommandError } from "./command-error";
import type { CommandIo } from "./command-io";
import { parseCommandLine } from "./command-line";
import { PolicyExitCode, runPolicyCommand } from "./policy-command";
import { postureOf } from "./posture";
import { postureSubject } from "./read-posture-subject";

const HELP = `Usage: ray-platform posture [--json | --sarif | --oscal | --html | --against DIRECTORY]

Says which controls of docs/security-architecture.md are proven in this repository as it is on disk: by its options, its
workflows, its files, and what "npx projen policy" says about what "npx projen synth" wrote.

  proven     a rule was asked, or the workflow is as it was generated, and nothing was found
  violated   a rule found a breach
  unproven   the options ask for it, and no rule of this repository could see a breach
  released   a file that implements it was edited or released, and no rule could see a breach
  delegated  what it protects is given, so its owner must prove it
  absent     the options leave nothing that it applies to

Exit codes: 0 nothing is violated, 1 no verdict (usage, nothing synthesized, unreadable input), 2 something is violated.

  --json   print the controls with their evidence as JSON
  --sarif  print what is violated, and what was released, as SARIF 2.1.0
  --oscal  print it as assessment results of OSCAL 1.2.3, NIST's format for programs of auditors: for each environment
           an observation of each control, and a finding of each that applies there; an exception is a risk with its last
           day as deadline. No component definition: that says what controls are for, not how they turned out. It is dated
           by the commit, or by SOURCE_DATE_EPOCH, so that the same commit gives the same bytes
  --html   print a page of it, with a picture of each environment: one file that loads nothing
  --against DIRECTORY
           print, as Markdown, which controls differ from those of another checkout in which "npx projen synth" ran, such
           as a worktree of the base branch: before, after and evidence. Both are judged by this version
`;

const FORMATS = ["json", "sarif", "oscal", "html"] as const;

/** Runs `ray-platform posture`. */
export async function postureCommand(argv: readonly string[], io: CommandIo): Promise<PolicyExitCode> {
  const line = parseCommandLine(argv, {
    ...Object.fromEntries(FORMATS.map((name) => [name, { type: "boolean" as const }])),
    against: { type: "string" },
  });
  if (line.has("help")) {
    io.out(HELP);
    return PolicyExitCode.CLEAN;
  }
  const other = line.value("against");
  const formats = [...FORMATS.filter((name) => line.has(name)), ...(other === undefined ? [] : ["against"])];
  if (formats.length > 1) {
    throw new CommandError(`${formats.map((name) => `--${name}`).join(" and ")} cannot be combined`);
  }
  const root = repositoryRoot(io.cwd);
  const controls = await controlsOf(root, io);
  const isViolated = controls.some(({ state }) => state === "violated");
  const exitCode = isViolated ? PolicyExitCode.DENIED : PolicyExitCode.CLEAN;
  if (line.has("json")) {
    const report: PostureReport = { format: FORMAT, exitCode, controls };
    io.out(`${JSON.stringify(report, null, 2)}\n`);
  } else if (line.has("sarif")) {
    io.out(sarif(controls));
  } else if (line.has("oscal")) {
    io.out(oscal(dated(postureSubject(root, controls))));
  } else if (line.has("html")) {
    io.out(posturePage(postureSubject(root, controls)));
  } else if (other !== undefined) {
    io.out(postureChanges(await controlsOfOther(resolve(io.cwd, other), io), controls));
  } else {
    io.out(table(controls));
  }
  return exitCode;
}

async function controlsOf(root: string, io: CommandIo): Promise<PostureControl[]> {
  let verdict = "";
  const out = (text: string) => {
    verdict += text;
  };
  await runPolicyCommand(["--json"], { ...io, cwd: root, out });
  return postureOf(root, policyReport.read(verdict));
}

async function controlsOfOther(directory: string, io: CommandIo): Promise<PostureControl[]> {
  try {
    return await controlsOf(directory, io);
  } catch (error) {
    throw new CommandError(`--against ${directory}: ${error instanceof Error ? error.message : error}`);
  }
}

function dated({ commit, ...subject }: PostureSubject): DatedSubject {
  if (commit === undefined) {
    throw new CommandError("OSCAL needs a date, which comes from the last commit: commit first");
  }
  return { ...subject, commit };
}

function table(controls: readonly PostureControl[]): string {
  const widths = [
    Math.max(...controls.map(({ id }) => id.length)),
    Math.max(...controls.map(({ state }) => state.length)),
  ];
  const rows = controls.map(({ id, state, evidence }) =>
    [id.padEnd(widths[0]), state.padEnd(widths[1]), evidence.map(placeOf).join("; ") || "none"].join("  "),
  );
  const counts = [...new Set(controls.map(({ state }) => state))].map(
    (state) => `${controls.filter((control) => control.state === state).length} ${state}`,
  );
  return `${rows.join("\n")}\n\n${controls.length} controls: ${counts.join(", ")}\n`;
}

function placeOf({ file, line, resource, problem }: PostureControl["evidence"][number]): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return [place, resource, problem].filter((part) => part !== undefined).join(" ");
}

const LEVELS: Readonly<Record<string, string>> = { violated: "error", released: "warning" };

function sarif(controls: readonly PostureControl[]): string {
  const results = controls
    .filter(({ state }) => state in LEVELS)
    .flatMap(({ id, state, evidence, statements }) =>
      evidence.map(({ file, line, resource, problem }) => ({
        ruleId: id,
        level: LEVELS[state],
        message: {
          text: [problem ?? statements[0].sentence, resource].filter((part) => part !== undefined).join(": "),
        },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: pathReference(file) },
              region: { startLine: line ?? 1 },
            },
          },
        ],
      })),
    );
  const rules = controls.map(({ id, statements }) => ({ id, shortDescription: { text: statements[0].sentence } }));
  const driver = { name: "ray-platform posture", semanticVersion: PACKAGE_VERSION, rules };
  return `${JSON.stringify(
    {
      $schema: "https://json.schemastore.org/sarif-2.1.0.json",
      version: "2.1.0",
      runs: [{ tool: { driver }, results }],
    },
    null,
    2,
  )}\n`;
}
