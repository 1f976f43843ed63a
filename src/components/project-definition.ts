// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { InitProject } from "projen/lib/project";
import type { ProjectOption } from "projen/lib/inventory";
import { ProjenrcFile } from "projen/lib/projenrc";
import { OptionTypes, shortName } from "../options/option-types";

const FILE = ".projenrc.ts";

/** Tells projen where the options are, for the marker in the files that it writes itself. */
export class ProjectDefinition extends ProjenrcFile {
  public readonly filePath = FILE;
}

/** Options that the first `.projenrc.ts` shows as examples, because the command line cannot take structs. */
const EXAMPLES = [
  'environments: [{ name: "dev", awsAccountId: "111122223333" }, { name: "prod", awsAccountId: "444455556666" }],',
  'network: { vpcCidr: "10.20.0.0/16" },',
  'cpuPool: { instanceTypes: ["m5.4xlarge"], maxSize: 8 },',
  "gpuPool: { maxSize: 3, onDemandFallback: true, fallbackMaxSize: 1 },",
  'ray: { workerGroups: [{ name: "trainers", pool: "gpu", maxReplicas: 3 }] },',
  "policyLimits: { maxGpuNodes: 6, maxTotalGpus: 8 },",
];

/** Writes the first `.projenrc.ts`: the options given to `projen new`, typed, and the others as comments. Never overwrites. */
export function writeProjectDefinition(outdir: string, created: InitProject): void {
  const path = join(outdir, FILE);
  if (!existsSync(path)) {
    writeFileSync(path, renderProjectDefinition(created));
  }
}

/** Text of the first `.projenrc.ts`. */
export function renderProjectDefinition(created: InitProject): string {
  const options = created.type.options.filter((option) => option.name !== "outdir");
  const args = withoutOwnVersion(created.args);
  const given = options.filter(({ name }) => args[name] !== undefined).sort((a, b) => rank(a) - rank(b));
  const others = options.filter(({ name, featured }) => args[name] === undefined && featured);
  const enums = given.filter(isEnum).map(({ fqn }) => shortName(fqn!));
  return [
    "// Everything about this platform that is yours to decide. Change it and run: npx projen",
    `import { ${[...new Set([...enums, "RayPlatformProject"])].sort().join(", ")} } from "ray-platform";`,
    "",
    "const project = new RayPlatformProject({",
    ...given.flatMap((option) => [...comment(option), `  ${option.name}: ${literal(option, args[option.name])},`]),
    ...(created.comments === "none" ? [] : suggestions(others)),
    "});",
    "",
    "project.synth();",
    "",
  ].join("\n");
}

/** `projen new` passes what was installed as a development dependency; a version from the registry is pinned anyway. */
function withoutOwnVersion(args: Record<string, unknown>): Record<string, unknown> {
  const devDeps = (args.devDeps as string[] | undefined)?.filter((spec) => !/^ray-platform(?:@[\w.^~<>=* -]+)?$/.test(spec));
  return { ...args, devDeps: devDeps?.length ? devDeps : undefined };
}

function suggestions(options: readonly ProjectOption[]): string[] {
  return [
    "",
    "  // Further options with their defaults. An editor shows the documentation of each, and of the fields of structs.",
    ...options.flatMap((option) => [...comment(option), `  // ${option.name}: ${fallback(option)},`]),
    "",
    "  // Structs, by example:",
    ...EXAMPLES.map((example) => `  // ${example}`),
  ];
}

/** The name first, where the package comes from last. */
function rank({ name }: ProjectOption): number {
  return name === "name" ? 0 : name === "devDeps" ? 2 : 1;
}

function comment({ docs }: ProjectOption): string[] {
  return docs === undefined ? [] : [`  // ${docs.replace(/\s+/g, " ").trim()}`];
}

function literal(option: ProjectOption, value: unknown): string {
  if (isEnum(option) && typeof value === "string") {
    return `${shortName(option.fqn!)}.${value.toUpperCase().replace(/-/g, "_")}`;
  }
  return JSON.stringify(value);
}

function fallback(option: ProjectOption): string {
  const text = option.default ?? "undefined";
  return text.startsWith("-") ? "undefined" : text;
}

function isEnum({ fqn }: ProjectOption): boolean {
  return fqn !== undefined && OptionTypes.load().enumMembers(fqn) !== undefined;
}
