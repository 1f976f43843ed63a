// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { packageData } from "../../config/package-data";

/** What the documents need of the resolved workflow settings; that type satisfies this one. */
export interface CiSettings {
  readonly enabled: boolean;
  /** By file name without `.yml`. */
  readonly files: Readonly<Record<string, { readonly enabled: boolean }>>;
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
}

/** What document templates can say about the workflows. */
export interface CiView {
  readonly enabled: boolean;
  /** Whether a generated workflow is there, by file name without `.yml` and without hyphens: `terraformPlan`. */
  readonly has: Readonly<Record<string, boolean>>;
  /** Gates that are generated, in the order of the security document. */
  readonly gates: readonly GateRow[];
  /** Gates of the security document that the options turned off. */
  readonly absentGates: readonly GateRow[];
  readonly privateRunner: boolean;
  readonly commentByWorkflowToken: boolean;
  readonly applyOnPush: boolean;
  readonly appEnvironment: string;
  readonly upgradeCooldownDays: number;
  readonly relaxations: readonly RelaxationRow[];
  readonly exceptions: readonly ExceptionRow[];
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

const GATES: readonly GateRow[] = [
  { tool: "tfsec", file: "tfsec", coverage: "Terraform security analysis", controlText: "CI-01" },
  { tool: "Trivy", file: "trivy", coverage: "Terraform security analysis by tfsec's successor", controlText: "CI-01" },
  { tool: "Checkov", file: "checkov", coverage: "Infrastructure-as-code policy scanning", controlText: "CI-02" },
  {
    tool: "CodeQL",
    file: "codeql",
    coverage: "Semantic code analysis of TypeScript and of the workflows",
    controlText: "CI-03",
  },
  { tool: "Gitleaks", file: "gitleaks", coverage: "Secret detection", controlText: "CI-04" },
  {
    tool: "Dependency Check",
    file: "dependency-check",
    coverage: "Known vulnerabilities, new dependencies, registry signatures",
    controlText: "CI-05",
  },
  { tool: "License Header", file: "license-header", coverage: "Licence headers", controlText: "CI-06" },
  {
    tool: "OPA",
    file: "policy",
    coverage: "Policy tests, and the policies on what the stacks synthesize",
    controlText: "OPA-01, OPA-02",
  },
  {
    tool: "actionlint, zizmor",
    file: "workflow-audit",
    coverage: "Syntax and security of the workflows",
    controlText: "",
  },
  {
    tool: "Sync check",
    file: "sync-check",
    coverage: "Refusal of managed files that were edited by hand",
    controlText: "",
  },
];

const NONE: CiSettings = {
  enabled: false,
  files: {},
  privateRunnerLabels: undefined,
  applyOnPush: false,
  planComment: "none",
  appEnvironment: "github-app",
  upgradeCooldownDays: 7,
  relaxations: [],
  exceptions: {},
};

/** Derives what templates need from the workflow settings. */
export function ciView(input: CiSettings = NONE): CiView {
  const generated = (file: string) => input.enabled && input.files[file]?.enabled === true;
  return {
    enabled: input.enabled,
    has: Object.fromEntries(Object.keys(input.files).map((file) => [camelCase(file), generated(file)])),
    gates: GATES.filter(({ file }) => generated(file)),
    absentGates: GATES.filter(({ file }) => !generated(file)),
    privateRunner: input.privateRunnerLabels !== undefined,
    commentByWorkflowToken: input.planComment === "workflow-token",
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
  };
}

/** The generator's own exceptions, of the gates that are there, and those of the options. */
function exceptionRows(input: CiSettings): ExceptionRow[] {
  const own = packageData<{ readonly exceptions: readonly OwnException[] }>("scanner-exceptions").exceptions;
  const given = Object.entries(input.exceptions).flatMap(([scanner, list]) =>
    list.map((exception) => ({ scanner, ...exception })),
  );
  return [...own.filter(({ scanner }) => input.enabled && input.files[scanner]?.enabled === true), ...given].map(
    (exception) => ({
      scanner: exception.scanner,
      id: exception.id,
      scope: scopeOf(exception),
      reason: exception.reason,
      until: exception.expires,
    }),
  );
}

interface OwnException {
  readonly scanner: string;
  readonly id: string;
  readonly reason: string;
  readonly expires: string;
  readonly path?: string;
  readonly resource?: string;
}

function scopeOf({ path, resource }: OwnException): string {
  return resource !== undefined
    ? `\`${resource}\` of the stacks`
    : path !== undefined
      ? `\`${path}\``
      : "the repository";
}

function camelCase(file: string): string {
  return file.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
