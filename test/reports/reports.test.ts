// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../src/cli/main";
import { PACKAGE_ROOT } from "../../src/package-root";
import { checkReport, diffReport, lockCheckReport, statusReport, updateReport } from "../../src/reports/file-reports";
import { explanationReport } from "../../src/reports/explanation-report";
import { gatesReport } from "../../src/reports/gates-report";
import { policyReport } from "../../src/reports/policy-report";
import { postureReport } from "../../src/reports/posture-report";
import { rehearsalReport } from "../../src/reports/rehearsal-report";
import { UnknownReport } from "../../src/reports/report-format";

const VIOLATION = { id: "x/y", msg: "m", resource: "r", path: "", value: null, limit: 3, fix: "" };
const FILE = {
  path: "a",
  class: "managed",
  component: "C",
  state: "edited",
  action: "keep",
  disk: "edited",
  upstream: "same",
};
const INSPECTED = { path: "a", class: "managed", component: "C", version: "1.0.0", disk: "same" };
const COMPARISON = { format: 1, generator: "1.0.0", files: [FILE], notes: ["n"], migrations: [] };

const UPDATE = { format: 1, to: "1.0.0", migrations: [], notes: [], securityNotes: [], files: [FILE] };

const REHEARSAL = {
  format: 1,
  exitCode: 2,
  environments: ["dev"],
  realProviders: { stacks: 0, reason: "--offline" },
  findings: [{ stack: "dev-network", act: "create", message: "m" }],
};

const GATES_REPORT = {
  format: 1,
  exitCode: 1,
  checks: [
    {
      gate: "tfsec",
      job: "tfsec",
      check: "tfsec",
      outcome: "not-run",
      seconds: 0.1,
      notes: [],
      output: "",
      reason: "tfsec is not on the PATH",
    },
  ],
};

/** One good report of each command that prints JSON. */
const REPORTS = {
  policy: [
    { form: policyReport, good: { format: 1, exitCode: 2, files: [{ file: "f", deny: [VIOLATION], warn: [] }] } },
  ],
  diff: [{ form: diffReport, good: COMPARISON }],
  check: [
    { form: checkReport, good: { ...COMPARISON, exitCode: 0 } },
    { form: lockCheckReport, good: { format: 1, exitCode: 0, generator: "1.0.0", files: [INSPECTED] } },
  ],
  status: [{ form: statusReport, good: { format: 1, files: [INSPECTED] } }],
  update: [{ form: updateReport, good: UPDATE }],
  gates: [{ form: gatesReport, good: GATES_REPORT }],
  rehearse: [{ form: rehearsalReport, good: REHEARSAL }],
  posture: [
    {
      form: postureReport,
      good: {
        format: 1,
        exitCode: 0,
        controls: [{ id: "NET-06", state: "proven", statements: [], rules: [], evidence: [{ file: "f", line: 1 }] }],
      },
    },
  ],
  explain: [
    {
      form: explanationReport,
      good: { format: 1, subject: "NET-06", kind: "control", controls: ["NET-06"], lines: [{ label: "l", text: "t" }] },
    },
  ],
} as const;

test("every command that has --json has a report", async () => {
  const help = async (...argv: string[]): Promise<string> => {
    let text = "";
    await main(argv, {
      cwd: PACKAGE_ROOT,
      out: (part) => {
        text += part;
      },
      err: () => {},
    });
    return text;
  };
  const commands = [...(await help("--help")).matchAll(/^ {2}([a-z][\w-]*) {2}/gm)].map(([, name]) => name as string);
  const withJson: string[] = [];
  for (const command of commands.filter((name) => name !== "projenrc")) {
    if ((await help(command, "--help")).includes("--json")) {
      withJson.push(command);
    }
  }
  expect(withJson.sort()).toEqual(Object.keys(REPORTS).sort());
});

describe.each(Object.entries(REPORTS).flatMap(([command, forms]) => forms.map((report) => [command, report] as const)))(
  "a reader of %s --json",
  (_command, { form, good }) => {
    const read = (value: unknown) => () => form.read(JSON.stringify(value));
    const things = (["files", "checks", "findings", "lines", "controls"] as const).find((key) => key in good) as string;

    test("reads what the command prints, and keys that it does not know yet", () => {
      expect(form.read(JSON.stringify({ ...good, more: true }))).toEqual({ ...good, more: true });
    });

    test.each(Object.keys(good))("refuses it without %s", (key) => {
      const { [key as keyof typeof good]: _, ...less } = good;
      expect(read(less)).toThrow(UnknownReport);
    });

    test.each([
      ["another format", { ...good, format: 2 }],
      [`${things}, one of which is none`, { ...good, [things]: [{}] }],
      [`${things} that are no list`, { ...good, [things]: {} }],
      ["a list", [good]],
      ["null", null],
      ["nothing", {}],
    ])("refuses %s", (_title, value) => {
      expect(read(value)).toThrow(UnknownReport);
    });

    test("refuses what is not JSON", () => {
      expect(() => form.read("Error: no")).toThrow(UnknownReport);
    });
  },
);

test("says what is wrong, and where", () => {
  const { good } = REPORTS.policy[0];
  const wrong = { ...good, files: [{ file: "f", deny: [VIOLATION, { ...VIOLATION, msg: undefined }], warn: [] }] };
  expect(() => policyReport.read(JSON.stringify(wrong))).toThrow(
    'this is not what "ray-platform policy --json" prints: report.files[0].deny[1].msg is missing, not a string',
  );
});

/** Programs that run one of the commands with --json and take its output apart. */
test("every program that reads a report reads it by its form", () => {
  const files = execFileSync("git", ["ls-files", "scripts", "templates/scripts", "verify", "bench"], {
    cwd: PACKAGE_ROOT,
    encoding: "utf8",
  }).split("\n");
  const runs = /"(policy|status|diff|check|update|gates|rehearse)",( "[^"]*",)* "--json"/;
  const readers = files.filter((file) => {
    const text = file.endsWith(".mjs") ? readFileSync(join(PACKAGE_ROOT, file), "utf8") : "";
    return runs.test(text.replace(/\s+/g, " "));
  });
  expect(readers).toContain("scripts/demo.mjs");
  expect(readers.filter((file) => !/Report\.read\(/.test(readFileSync(join(PACKAGE_ROOT, file), "utf8")))).toEqual([]);
});
