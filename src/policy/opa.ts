// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { runBounded } from "../bounded-program";
import { ExplainedError } from "../explained-error";
import { programOnPath } from "../program-on-path";
import { readPinTable } from "../workflow-rules/pin-table";
import { POLICY_DIRECTORY } from "./load-policies";

/** What a run of OPA came to. */
export interface OpaRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Built-in functions of OPA without those that reach the network, the environment or the configuration of OPA. */
const CAPABILITIES = join(POLICY_DIRECTORY, "custom-capabilities.json");

/** No rule takes that long; one that never ends would hold a job until its own end. */
const PATIENCE_MS = 60_000;

/** Plans of hundreds of MB need less; a rule that enumerates a billion numbers would take the memory of the whole machine. */
const MOST_MEBIBYTES = 4096;

/** Rego to evaluate. */
export interface RegoQuery {
  readonly directories: readonly string[];
  /** Binds `x`. */
  readonly query: string;
  readonly input: string;
  /** What is evaluated, for messages. */
  readonly subject: string;
  /** Why OPA evaluates it, for messages. Default: that `policies/custom` holds Rego. */
  readonly need?: string;
}

/** What a query binds `x` to; undefined if the rules leave it so. @throws ExplainedError if OPA comes to no result */
export function evaluateRego(cwd: string, { directories, query, input, subject, need }: RegoQuery): unknown {
  const options = ["eval", "--format", "json", "--strict-builtin-errors", "--ignore", "*_test.rego", "--stdin-input"];
  const data = directories.flatMap((directory) => ["--data", directory]);
  const run = runOpa(cwd, [...options, ...data, query], input, need);
  if (run.status !== 0) {
    throw new ExplainedError(`opa could not evaluate ${subject}: ${(run.stderr || run.stdout).trim()}`);
  }
  const { result } = JSON.parse(run.stdout) as { result?: readonly { bindings?: { x?: unknown } }[] };
  return result?.[0]?.bindings?.x;
}

/**
 * Runs a subcommand of OPA on Rego that a repository brings along: it may be that of a pull request, in a job that holds
 * credentials. So it gets no function that leads out, no address to fetch a schema from, and an empty environment.
 *
 * @param need why OPA evaluates it, for messages; by default that `policies/custom` holds Rego
 * @throws ExplainedError if OPA is missing, or does not come to an end
 */
export function runOpa(cwd: string, [command = "", ...rest]: readonly string[], input = "", need?: string): OpaRun {
  const why = need ?? "policies/custom contains Rego, which needs OPA";
  const { status, stdout, stderr, exceeded, error } = runBounded(
    findOpa(why),
    [command, "--capabilities", CAPABILITIES, ...rest],
    {
      cwd,
      env: process.platform === "win32" ? { SystemRoot: process.env.SystemRoot } : {},
      input,
      milliseconds: PATIENCE_MS,
      mebibytes: MOST_MEBIBYTES,
    },
  );
  if (exceeded !== undefined) {
    const limit =
      exceeded === "time"
        ? `did not finish within ${PATIENCE_MS / 1000} s`
        : `needs more than ${MOST_MEBIBYTES / 1024} GiB of memory for`;
    throw new ExplainedError(
      `${need === undefined ? "" : `${need}: `}policies/ contains Rego that opa ${command} ${limit}`,
    );
  }
  if (error !== undefined) {
    throw new ExplainedError(`${why}: ${error.message}`);
  }
  return { status, stdout, stderr };
}

/** The first on the PATH: with an empty environment nobody else finds it. */
function findOpa(why: string): string {
  const program = programOnPath("opa");
  if (program === undefined) {
    throw new ExplainedError(`${why}: opa is not on the PATH; ${howToGetOpa()}`);
  }
  return program;
}

/** The release that this package is tested with. */
function howToGetOpa(): string {
  const version = readPinTable().tools.opa?.version;
  return `install it from https://www.openpolicyagent.org/docs/latest/#running-opa, or with \`go install github.com/open-policy-agent/opa@v${version}\``;
}
