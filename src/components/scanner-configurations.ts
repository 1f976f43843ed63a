// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import { packageData } from "../config/package-data";
import type { WorkflowSettings } from "../config/workflow-settings";
import type { ScannerException } from "../options/workflow-options";
import { PACKAGE_ROOT } from "../package-root";
import type { PinTable } from "../workflow-rules/pin-table";

const TEMPLATES = join(PACKAGE_ROOT, "templates", "scanners");

/** Configuration files of the scanners, by path: the templates with the options' exceptions in each tool's own words. */
export function scannerConfigurations(settings: WorkflowSettings, pins: PinTable): Map<string, string> {
  const { files } = settings;
  // Exceptions of single resources stand beside the resources, see resourceExceptions.
  const exceptions = mapValues(settings.exceptions, (list) => list.filter(({ resource }) => resource === undefined));
  const configurations = new Map<string, string>();
  if (files.checkov.enabled) {
    configurations.set(".checkov.yml", checkov(exceptions.checkov));
  }
  if (files.gitleaks.enabled) {
    configurations.set(".gitleaks.toml", gitleaks(exceptions.gitleaks));
  }
  if (files.tfsec.enabled) {
    configurations.set(".tfsec/config.yml", tfsec(exceptions.tfsec));
  }
  if (files.trivy.enabled) {
    configurations.set("trivy.yaml", trivy(exceptions.trivy));
    configurations.set(".trivyignore.yaml", trivyIgnore(exceptions.trivy));
  }
  if (files["dependency-check"].enabled) {
    configurations.set("osv-scanner.toml", osvScanner(exceptions.dependencyCheck));
  }
  if (files.codeql.enabled && exceptions.codeql.length > 0) {
    configurations.set(".github/codeql/codeql-config.yml", codeql(exceptions.codeql));
  }
  if (files["workflow-audit"].enabled) {
    configurations.set("zizmor.yml", zizmor(exceptions.workflowAudit, pins));
    configurations.set(".github/actionlint.yaml", actionlint(settings));
  }
  return configurations;
}

function mapValues<K extends string, V, R>(record: Readonly<Record<K, V>>, change: (value: V) => R): Record<K, R> {
  return Object.fromEntries((Object.keys(record) as K[]).map((key) => [key, change(record[key])])) as Record<K, R>;
}

/** An exception that counts for some resources of the stacks. */
export interface ResourceException {
  readonly scanner: string;
  readonly id: string;
  readonly resource: string;
  readonly reason: string;
  readonly expires: string;
}

/** Exceptions of single resources: the generator's own, and those of the options. */
export function resourceExceptions(settings: WorkflowSettings): ResourceException[] {
  const own = packageData<{ readonly exceptions: readonly ResourceException[] }>("scanner-exceptions").exceptions;
  const given = (["tfsec", "trivy", "checkov"] as const).flatMap((scanner) =>
    settings.exceptions[scanner].flatMap(({ id, resource, reason, expires }) =>
      resource === undefined ? [] : [{ scanner, id, resource, reason, expires }],
    ),
  );
  return [...own, ...given];
}

const text = (path: string): string => readFileSync(join(TEMPLATES, path), "utf8");
const yaml = (path: string): Document => parseDocument(text(path));
const render = (document: Document): string => document.toString({ lineWidth: 0, flowCollectionPadding: false });
const everywhere = (list: readonly ScannerException[]) => list.filter(({ id }) => id !== "*");
const comment = ({ reason, expires }: ScannerException) => ` ${reason} (until ${expires})`;

/** A list of ids or paths, with the reason beside each. */
function addReasoned(
  document: Document,
  path: readonly string[],
  list: readonly ScannerException[],
  value: (exception: ScannerException) => string,
): void {
  for (const exception of list) {
    const scalar = document.createNode(value(exception));
    scalar.comment = comment(exception);
    if (!document.hasIn(path)) {
      document.setIn(path, document.createNode([]));
    }
    document.addIn(path, scalar);
  }
}

function checkov(list: readonly ScannerException[]): string {
  const document = yaml(".checkov.yml");
  addReasoned(document, ["skip-check"], everywhere(list), ({ id }) => id);
  addReasoned(
    document,
    ["skip-path"],
    list.filter(({ id }) => id === "*"),
    ({ path }) => path as string,
  );
  return render(document);
}

function tfsec(list: readonly ScannerException[]): string {
  const document = yaml(".tfsec/config.yml");
  document.set("exclude", document.createNode([]));
  addReasoned(document, ["exclude"], list, ({ id }) => id);
  return render(document);
}

function trivy(list: readonly ScannerException[]): string {
  const document = yaml("trivy.yaml");
  addReasoned(
    document,
    ["scan", "skip-dirs"],
    list.filter(({ id }) => id === "*"),
    ({ path }) => path as string,
  );
  return render(document);
}

function trivyIgnore(list: readonly ScannerException[]): string {
  const document = yaml(".trivyignore.yaml");
  const entries = everywhere(list).map(({ id, path, reason, expires }) => ({
    id,
    ...(path === undefined ? {} : { paths: [path, `${path}/**`] }),
    statement: reason,
    expired_at: expires,
  }));
  document.set("misconfigurations", document.createNode(entries));
  return render(document);
}

/** A rule without a path is switched off; with one it is the default rule plus an allow-list. */
function gitleaks(list: readonly ScannerException[]): string {
  const disabled = list.filter(({ id, path }) => id !== "*" && path === undefined);
  const extend =
    disabled.length === 0
      ? ""
      : `disabledRules = [\n${disabled.map((exception) => `  ${toml(exception.id)}, #${comment(exception)}\n`).join("")}]\n`;
  const blocks = list.flatMap(({ id, path, reason, expires }) => {
    if (path === undefined) {
      return [];
    }
    const where = `paths = [${toml(`^${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(/|$)`)}]`;
    const description = `description = ${toml(`${reason} (until ${expires})`)}`;
    return id === "*"
      ? [["[[allowlists]]", description, where]]
      : [["[[rules]]", `id = ${toml(id)}`, "[[rules.allowlists]]", description, where]];
  });
  return [`${text(".gitleaks.toml")}${extend}`, ...blocks.map((block) => `${block.join("\n")}\n`)].join("\n");
}

function osvScanner(list: readonly ScannerException[]): string {
  const blocks = list.map(({ id, reason, expires }) => [
    "[[IgnoredVulns]]",
    `id = ${toml(id)}`,
    `ignoreUntil = ${expires}`,
    `reason = ${toml(reason)}`,
  ]);
  return [text("osv-scanner.toml"), ...blocks.map((block) => `${block.join("\n")}\n`)].join("\n");
}

function codeql(list: readonly ScannerException[]): string {
  const header = "# Copyright the ray-platform authors\n# SPDX-License-Identifier: Apache-2.0\n";
  const document = parseDocument(`${header}name: Exceptions\n`);
  for (const exception of everywhere(list)) {
    const filter = document.createNode({ exclude: { id: exception.id } });
    filter.commentBefore = comment(exception);
    document.hasIn(["query-filters"]) || document.set("query-filters", document.createNode([]));
    document.addIn(["query-filters"], filter);
  }
  addReasoned(
    document,
    ["paths-ignore"],
    list.filter(({ id }) => id === "*"),
    ({ path }) => path as string,
  );
  return render(document);
}

function zizmor(list: readonly ScannerException[], pins: PinTable): string {
  const document = yaml("zizmor.yml");
  // A pattern `owner/name` is that repository's root action alone; its sub-actions are `owner/name/*`.
  const patterns = Object.keys(pins.actions)
    .sort()
    .flatMap((name) => [name, `${name}/*`]);
  document.setIn(["rules", "forbidden-uses", "config", "allow"], document.createNode(patterns));
  for (const exception of list) {
    addReasoned(
      document,
      ["rules", exception.id, "ignore"],
      [exception],
      ({ path }) => path?.split("/").at(-1) as string,
    );
  }
  return render(document);
}

function actionlint(settings: WorkflowSettings): string {
  const document = yaml(".github/actionlint.yaml");
  const own = [...settings.runnerLabels, ...(settings.privateRunnerLabels ?? [])].filter(
    (label) => !HOSTED.test(label),
  );
  document.setIn(["self-hosted-runner", "labels"], document.createNode([...new Set(own)]));
  return render(document);
}

/** Labels that actionlint knows: GitHub's own images, and what every self-hosted runner has. */
const HOSTED = /^(ubuntu|macos|windows)-\d|^(self-hosted|linux|macOS|windows|x64|arm|arm64)$/i;

/** A TOML literal string: nothing in it is special; a single quote cannot stand in it. */
function toml(value: string): string {
  return value.includes("'") ? JSON.stringify(value) : `'${value}'`;
}
