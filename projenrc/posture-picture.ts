// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { main } from "../src/cli/main";
import { type TerminalLine, terminalPicture } from "./terminal-picture";

const COLUMNS = 96;

/** Controls that the picture shows, one or two of each layer. */
const SHOWN = ["OIDC-02", "IAM-01", "KMS-02", "IMDS-01", "NET-03", "NET-06", "EKS-01", "CI-04", "POD-04", "OPA-01"];

/** Lines of an explanation that the picture shows. */
const EXPLAINED = /^ {2}(?:What|State|Where|Policy|Not shown|Would show) /;

/** What the commands print in a synthesized repository, as a terminal. Long output is shortened, and the picture says so. */
export async function posturePicture(root: string, marker: string): Promise<string> {
  const posture = await printed(root, "posture");
  const shown = posture.filter((line) => SHOWN.includes(line.split(" ")[0]));
  const explained = await printed(root, "explain", "NET-06");
  return terminalPicture(
    [
      typed("npx ray-platform posture"),
      ...shown.map(toLine),
      {
        kind: "omitted",
        text: `… and ${posture.filter((line) => /^[A-Z0-9]+-\d\d /.test(line)).length - shown.length} more`,
      },
      toLine(posture[posture.length - 1]),
      typed("npx ray-platform explain NET-06"),
      ...explained
        .slice(1)
        .filter((line) => EXPLAINED.test(line))
        .map(toLine),
      { kind: "omitted", text: "… and its options, tests and numbers in four frameworks" },
    ],
    "What posture and explain print in a repository that was just generated",
    marker,
  );
}

async function printed(cwd: string, ...argv: string[]): Promise<string[]> {
  const parts: string[] = [];
  const write = (text: string) => {
    parts.push(text);
  };
  const code = await main(argv, { cwd, out: write, err: write });
  if (code !== 0) {
    throw new Error(`${argv.join(" ")} ended with ${code}:\n${parts.join("")}`);
  }
  return parts.join("").trimEnd().split("\n");
}

function typed(text: string): TerminalLine {
  return { kind: "typed", text };
}

function toLine(line: string): TerminalLine {
  return { kind: "printed", text: line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line };
}
