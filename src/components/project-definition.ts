// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isThere } from "../file-presence";
import { InitProjectOptionHints } from "projen/lib/option-hints";
import type { InitProject } from "projen/lib/project";
import type { ProjectOption } from "projen/lib/inventory";
import { ProjenrcFile } from "projen/lib/projenrc";
import { newProjectOptions } from "../config/resolve-options";
import { isObject } from "../json-object";
import { OptionTypes, shortName } from "../options/option-types";

const FILE = ".projenrc.ts";

/** Tells projen where the options are, for the marker in the files that it writes itself. */
export class ProjectDefinition extends ProjenrcFile {
  public readonly filePath = FILE;
}

/** A line of options that the first `.projenrc.ts` shows as an example, because the command line cannot take structs. */
interface Example {
  readonly text: string;
  /** Left out when this option was given, which the example would contradict. */
  readonly unless?: string;
  readonly needsGpu?: boolean;
}

const EXAMPLES: readonly Example[] = [
  {
    text: 'environments: [{ name: "dev", awsAccountId: "111122223333" }, { name: "prod", awsAccountId: "444455556666" }],',
    unless: "environmentNames",
  },
  { text: 'network: { vpcCidr: "10.20.0.0/16" },' },
  { text: 'tags: { Team: "ml" },' },
  { text: 'cpuPool: { instanceTypes: ["m5.4xlarge"], maxSize: 8 },' },
  { text: "gpuPool: { maxSize: 3, onDemandFallback: true, fallbackMaxSize: 1 },", needsGpu: true },
  { text: 'ray: { workerGroups: [{ name: "trainers", pool: "gpu", maxReplicas: 3 }] },', needsGpu: true },
  { text: 'ray: { workerGroups: [{ name: "workers", pool: "cpu", maxReplicas: 3 }] },', needsGpu: false },
  { text: "policyLimits: { maxGpuNodes: 6, maxTotalGpus: 16 },", unless: "policyLimits" },
];

/** Shown as the example `environments` instead, with which it cannot stand together. */
const SHOWN_AS_EXAMPLE = "environmentNames";

/** What the header of the user's own files says. */
export interface LicenseHeader {
  readonly holder: string;
  readonly spdxId: string;
}

/** Writes the first `.projenrc.ts`: the options given to `projen new`, typed, and the others as comments. Never overwrites. */
export function writeProjectDefinition(
  outdir: string,
  created: InitProject,
  argv: readonly string[],
  license: LicenseHeader,
): void {
  const path = join(outdir, FILE);
  if (!isThere(path)) {
    mkdirSync(outdir, { recursive: true }); // projen new --outdir names a directory that need not exist
    const header = `// Copyright ${license.holder}\n// SPDX-License-Identifier: ${license.spdxId}\n`;
    writeFileSync(path, header + renderProjectDefinition(created, argv));
  }
}

/**
 * `projen new` commits the working directory as it is: with `--no-synth`, and where `--outdir` puts the project elsewhere,
 * that would be what npm installed. Never overwrites.
 */
export function ignoreInstalledPackages(outdir: string): void {
  const path = join(outdir, ".gitignore");
  if (!isThere(path)) {
    writeFileSync(path, "/node_modules/\n");
  }
}

/**
 * Text of the first `.projenrc.ts`. Comments that hold an option are meant to be uncommented, alone or all together.
 *
 * @param argv the process's arguments, in which texts stand as they were typed
 */
export function renderProjectDefinition(created: InitProject, argv: readonly string[]): string {
  const options = created.type.options.filter((option) => option.name !== "outdir");
  const args = withoutOwnVersion(newProjectOptions(created.args, argv));
  const given = options.filter(({ name }) => args[name] !== undefined).sort((a, b) => rank(a) - rank(b));
  const others = options.filter(
    ({ name, featured }) => args[name] === undefined && featured && name !== SHOWN_AS_EXAMPLE,
  );
  const isCommented = created.comments !== InitProjectOptionHints.NONE;
  const offered = isCommented ? enumNames(others).filter((name) => !enumNames(given).includes(name)) : [];
  return [
    "// Everything about this platform that is yours to decide. Change it and run: npx projen",
    `import { ${[...enumNames(given), "RayPlatformProject"].sort().join(", ")} } from "ray-platform";`,
    ...(offered.length > 0 ? [`// import { ${offered.join(", ")} } from "ray-platform";`] : []),
    "",
    "const project = new RayPlatformProject({",
    ...given.flatMap((option) => [
      ...(isCommented ? comment(option) : []),
      `  ${option.name}: ${literal(option, args[option.name])},`,
    ]),
    ...(isCommented ? suggestions(others, args) : []),
    "});",
    "",
    "project.synth();",
    "",
  ].join("\n");
}

function withoutOwnVersion(args: Record<string, unknown>): Record<string, unknown> {
  const devDeps = withoutOwn((args.devDeps as string[] | undefined) ?? []);
  return { ...args, devDeps: devDeps.length > 0 ? devDeps : undefined };
}

/**
 * `projen new` passes what it was asked to install as a development dependency: a name, a tag or a range of the registry's,
 * which would go before the exact version that every repository has. A file or a repository of git stays.
 */
export function withoutOwn(devDeps: readonly string[]): string[] {
  return devDeps.filter((spec) => !/^ray-platform(?:@[\w.^~<>=*| -]*)?$/.test(spec));
}

function suggestions(options: readonly ProjectOption[], args: Readonly<Record<string, unknown>>): string[] {
  const hasGpu = args.accelerator !== "none";
  const examples = EXAMPLES.filter(
    ({ unless, needsGpu }) =>
      (unless === undefined || args[unless] === undefined) && (needsGpu === undefined || needsGpu === hasGpu),
  );
  return [
    "",
    "  // Further options with their defaults. An editor shows the documentation of each, and of the fields of structs.",
    ...options.flatMap((option) => [...comment(option), `  // ${option.name}: ${fallback(option)},`]),
    "",
    "  // Structs, by example:",
    ...examples.map(({ text }) => `  // ${text}`),
  ];
}

/** The name first, where the package comes from last. */
function rank({ name }: ProjectOption): number {
  return name === "name" ? 0 : name === "devDeps" ? 2 : 1;
}

function comment({ docs }: ProjectOption): string[] {
  // jsii cuts the first sentence at a semicolon too.
  return docs === undefined ? [] : [`  // ${docs.replace(/\s+/g, " ").trim().replace(/;$/, ".")}`];
}

function literal(option: ProjectOption, value: unknown): string {
  const members = enumMembers(option);
  const member = String(value).toUpperCase().replace(/-/g, "_");
  return members?.includes(member) ? `${shortName(option.fqn!)}.${member}` : text(value);
}

/** A value as a person would write it, on one line. */
function text(value: unknown): string {
  return isObject(value)
    ? `{ ${Object.entries(value)
        .map(([name, field]) => `${name}: ${text(field)}`)
        .join(", ")} }`
    : JSON.stringify(value);
}

function fallback(option: ProjectOption): string {
  const text = option.default ?? "undefined";
  return text.startsWith("-") ? "undefined" : text;
}

function enumNames(options: readonly ProjectOption[]): string[] {
  return options.filter((option) => enumMembers(option) !== undefined).map(({ fqn }) => shortName(fqn!));
}

function enumMembers({ fqn }: ProjectOption): string[] | undefined {
  return fqn === undefined ? undefined : OptionTypes.load().enumMembers(fqn);
}
