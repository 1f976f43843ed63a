// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { packageData } from "../../config/package-data";
import { WORKFLOWS } from "../../config/workflow-list";
import type { PipelineFacts } from "../../controls/control-facts";
import { GATES } from "../../gates";
import { type OwnException, ownExceptions } from "../own-exceptions";

/** What the documents need of the resolved workflow settings; that type satisfies this one. */
export interface CiSettings {
  readonly enabled: boolean;
  /** By file name without `.yml`. */
  readonly files: Readonly<Record<string, { readonly enabled: boolean }>>;
  /** From which severity on a gate fails, by its id; of the gates whose tool grades its findings. */
  readonly severities?: Readonly<Record<string, string>>;
  /** Whether the repository has GitHub Code Security. */
  readonly codeSecurity: boolean;
  readonly privateRunnerLabels: readonly string[] | undefined;
  readonly applyOnPush: boolean;
  readonly appEnvironment: string;
  /** Who comments plans on pull requests: `app`, `workflow-token` or `none`. */
  readonly planComment?: string;
  readonly upgradeCooldownDays: number;
  readonly relaxations: readonly {
    readonly rule: string;
    readonly reason: string;
    readonly workflow?: string;
    readonly expires?: string;
  }[];
  /** By scanner. */
  readonly exceptions: Readonly<
    Record<
      string,
      readonly {
        readonly id: string;
        readonly reason: string;
        readonly expires: string;
        readonly path?: string;
        readonly resource?: string;
      }[]
    >
  >;
}

/** A gate as a row of the security document's table. */
export interface GateRow {
  readonly tool: string;
  readonly file: string;
  readonly coverage: string;
  readonly controlText: string;
  /** From which severity on it fails. */
  readonly thresholdText: string;
  /** Why it does not run, as a cell of a table. */
  readonly absence: string;
}

/** What document templates can say about the workflows. */
export interface CiView {
  readonly enabled: boolean;
  /** Whether a workflow authenticates as the GitHub App, and for what. */
  readonly usesApp: boolean;
  readonly appUses: string;
  /** Whether a generated workflow is there, by file name without `.yml` and without hyphens: `terraformPlan`. */
  readonly has: Readonly<Record<string, boolean>>;
  /** Gates that are generated, in the order of the security document. */
  readonly gates: readonly GateRow[];
  /** Gates of the security document that do not run in this repository. */
  readonly absentGates: readonly GateRow[];
  /** What to do when a check that a branch waits for is red, by workflow. */
  readonly remedies: readonly { readonly file: string; readonly remedy: string }[];
  /** Workflows whose state the README shows, by file name without `.yml`. */
  readonly badges: readonly string[];
  readonly codeSecurity: boolean;
  readonly privateRunner: boolean;
  readonly commentByWorkflowToken: boolean;
  /** Whether a comment says what a pull request would change. */
  readonly commentsOnPlans: boolean;
  readonly applyOnPush: boolean;
  readonly appEnvironment: string;
  readonly upgradeCooldownDays: number;
  readonly relaxations: readonly RelaxationRow[];
  readonly exceptions: readonly ExceptionRow[];
  /** Findings on the generated stacks that lie below a gate's threshold. */
  readonly toleratedFindings: readonly ToleratedFinding[];
}

/** A finding below the threshold of its gate, from data/tolerated-findings.json. */
export interface ToleratedFinding {
  readonly scanner: string;
  readonly tool: string;
  readonly id: string;
  readonly severity: string;
  readonly where: string;
  readonly reason: string;
}

/** A hardening rule that the options switched off. */
export interface RelaxationRow {
  readonly rule: string;
  readonly scope: string;
  readonly reason: string;
  readonly until: string;
}

/** A finding that the options except. */
export interface ExceptionRow {
  readonly scanner: string;
  readonly id: string;
  readonly scope: string;
  readonly reason: string;
  readonly until: string;
}

/** The gates as rows, in the order of the controls that they carry out; those that carry none out come last. */
const GATE_ROWS = [
  ...GATES.filter(({ controls }) => controls.length > 0).sort((one, other) =>
    one.controls[0] === other.controls[0] ? 0 : one.controls[0] < other.controls[0] ? -1 : 1,
  ),
  ...GATES.filter(({ controls }) => controls.length === 0),
].map(({ tool, id, coverage, controls, codeSecurity }) => ({
  tool,
  file: id,
  coverage,
  controlText: controls.join(", "),
  needsCodeSecurity: codeSecurity === true,
}));

const NONE: CiSettings = {
  enabled: false,
  files: {},
  severities: {},
  codeSecurity: false,
  privateRunnerLabels: undefined,
  applyOnPush: false,
  planComment: "none",
  appEnvironment: "github-app",
  upgradeCooldownDays: 7,
  relaxations: [],
  exceptions: {},
};

/** What the controls need to know of the workflows. */
export function pipelineFacts(input: CiSettings = NONE): PipelineFacts {
  const generated = (file: string) => input.enabled && input.files[file]?.enabled === true;
  return {
    gates: new Set(
      GATES.filter(({ id, codeSecurity }) => generated(id) && (input.codeSecurity || codeSecurity !== true)).map(
        ({ id }) => id,
      ),
    ),
    usesApp: appUses(input).length > 0,
  };
}

/** What workflows do as the GitHub App. */
function appUses({ enabled, files, planComment }: CiSettings): string[] {
  const generated = (file: string) => enabled && files[file]?.enabled === true;
  return [
    ...(generated("drift-detection") ? ["drift issues"] : []),
    ...(generated("upgrade") ? ["upgrade pull requests"] : []),
    ...(generated("terraform-plan") && planComment === "app" ? ["plan comments"] : []),
  ];
}

/** Derives what templates need from the workflow settings. */
export function ciView(input: CiSettings = NONE): CiView {
  const generated = (file: string) => input.enabled && input.files[file]?.enabled === true;
  const rows = GATE_ROWS.map(({ needsCodeSecurity, ...row }) => ({
    ...row,
    thresholdText: input.severities?.[row.file] ?? "any finding",
    absence: !generated(row.file)
      ? "turned off by option"
      : needsCodeSecurity && !input.codeSecurity
        ? "skipped: its license requires GitHub Code Security here (`workflows.codeSecurity`)"
        : "",
  }));
  return {
    enabled: input.enabled,
    usesApp: appUses(input).length > 0,
    appUses: appUses(input).join(", "),
    has: Object.fromEntries(Object.keys(input.files).map((file) => [camelCase(file), generated(file)])),
    gates: rows.filter(({ absence }) => absence === ""),
    absentGates: rows.filter(({ absence }) => absence !== ""),
    remedies: WORKFLOWS.filter(
      ({ id, required, codeSecurity }) => required && generated(id) && (input.codeSecurity || codeSecurity !== true),
    ).map(({ id, remedy = "" }) => ({ file: id, remedy })),
    badges: WORKFLOWS.filter(
      ({ id, badge, codeSecurity }) => badge && generated(id) && (input.codeSecurity || codeSecurity !== true),
    ).map(({ id }) => id),
    codeSecurity: input.codeSecurity,
    privateRunner: input.privateRunnerLabels !== undefined,
    commentByWorkflowToken: input.planComment === "workflow-token",
    commentsOnPlans: input.planComment !== "none",
    applyOnPush: input.applyOnPush,
    appEnvironment: input.appEnvironment,
    upgradeCooldownDays: input.upgradeCooldownDays,
    relaxations: input.relaxations.map(({ rule, workflow, reason, expires }) => ({
      rule,
      scope: workflow === undefined ? "every workflow" : `\`${workflow}\``,
      reason,
      until: expires ?? "no end",
    })),
    exceptions: exceptionRows(input),
    toleratedFindings: toleratedFindings(input),
  };
}

/** What scanners that run find on the generated stacks, below their threshold. */
function toleratedFindings(input: CiSettings): ToleratedFinding[] {
  const severities = ["low", "medium", "high", "critical"];
  const { findings } = packageData<{ readonly findings: readonly ToleratedFinding[] }>("tolerated-findings");
  return findings.filter(
    ({ scanner, severity }) =>
      input.enabled &&
      input.files[scanner]?.enabled === true &&
      severities.indexOf(severity) < severities.indexOf(input.severities?.[scanner] ?? "low"),
  );
}

/** The generator's own exceptions, of the gates that are there, and those of the options. */
function exceptionRows(input: CiSettings): ExceptionRow[] {
  const isThere = (file: string) => input.enabled && input.files[file]?.enabled === true;
  const own = ownExceptions().filter(
    ({ scanner, workflow }) => isThere(scanner) && (workflow === undefined || isThere(workflow)),
  );
  const given = Object.entries(input.exceptions).flatMap(([scanner, list]) =>
    list.map((exception) => ({ scanner, ...exception })),
  );
  return [...own, ...given].map((exception) => ({
    scanner: exception.scanner,
    id: exception.id,
    scope: scopeOf(exception),
    reason: exception.reason,
    until: exception.expires,
  }));
}

function scopeOf({ path, resource, workflow }: Partial<OwnException> & { readonly path?: string }): string {
  if (resource !== undefined) {
    return `\`${resource}\` of the stacks`;
  }
  const file = workflow === undefined ? path : `.github/workflows/${workflow}.yml`;
  return file === undefined ? "the repository" : `\`${file}\``;
}

function camelCase(file: string): string {
  return file.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
