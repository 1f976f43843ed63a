// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What each directory of `src/` may import beside its own modules and the modules of {@link FOUNDATION}, from the lowest
 * layer to the highest. A new directory needs a line here: a test compares this table with the disk.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  options: [],
  iam: [],
  workloads: ["options"],
  gates: ["options"],
  "workflow-rules": ["gates"],
  "local-gates": ["gates", "workflow-rules"],
  policy: ["workflow-rules"],
  rehearsal: ["policy"],
  reports: [],
  sync: [],
  migrations: ["sync"],
  proposal: ["sync", "migrations"],
  config: ["options", "workloads", "gates", "workflow-rules"],
  controls: ["options", "gates", "config"],
  environment: ["iam", "policy", "config", "controls"],
  posture: ["policy", "config", "controls", "environment", "reports"],
  components: ["options", "iam", "workloads", "gates", "workflow-rules", "config", "controls", "sync"],
  cli: [
    "options",
    "config",
    "controls",
    "sync",
    "migrations",
    "proposal",
    "policy",
    "environment",
    "posture",
    "rehearsal",
    "reports",
    "gates",
    "workflow-rules",
    "local-gates",
  ],
};

/** What each room of a directory may import of the others, in the same order. */
export const ROOMS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  rehearsal: {
    provider: [],
  },
  sync: {
    files: [],
    store: ["files"],
    comparison: ["files", "store"],
    run: ["files", "store", "comparison"],
  },
};

/** What a gate does beyond its record belongs to the components: they alone read it, and it may import what they may. */
const GATE_CODE = "{workflow,header-configuration}";

/** Modules of `src/` itself that every directory may import. The others belong to the package's surface. */
export const FOUNDATION = [
  "bounded-program",
  "bounded-yaml",
  "comment-syntax",
  "decode-text",
  "edit-distance",
  "explained-error",
  "file-presence",
  "foreign-file",
  "in-parallel",
  "json-object",
  "log-text",
  "nearest-key",
  "node-version",
  "npm-process",
  "package-root",
  "package-version",
  "portable-path",
  "program-on-path",
  "program-supervisor",
  "version-order",
];

/** Modules of `src/` itself that no directory imports. */
export const SURFACE = [
  "generator-interface",
  "index",
  "project-file-lookup",
  "ray-platform-project",
  "script-interface",
];

/** How deep the directories of `src/` are nested: an import says `../` once for each level. */
const LEVELS = 3;

/** A group of import paths that a file must not use, and why. */
export interface ForbiddenImport {
  readonly group: readonly string[];
  readonly message: string;
}

/** What some files must not import. */
export interface ImportRule {
  readonly includes: readonly string[];
  readonly patterns: readonly ForbiddenImport[];
}

const EVERYWHERE: readonly ForbiddenImport[] = [
  {
    group: ["projen"],
    message: "Import one module of projen, such as projen/lib/component: its index doubles the load time.",
  },
  { group: ["cdktf", "@cdktf/**"], message: "The stacks belong to templates/; src/ never loads cdktf." },
  {
    group: ["**/generator/**", "@yeoman/**", "yeoman-*"],
    message:
      "Nothing that a regeneration loads may load Yeoman: questions belong to generator/, which starts from here.",
  },
];

/** The generator is a package of its own: its files reach this one, and Yeoman's, through one module each. */
export const GENERATOR_RULE: ImportRule = {
  includes: ["generator/src/**"],
  patterns: [
    { group: ["@yeoman/**", "yeoman-*"], message: "Yeoman's packages change quickly: only yeoman.js imports them." },
    { group: ["**/../../{lib,src}/**"], message: "The core is reached through core.js alone." },
    { group: ["projen", "cdktf", "@cdktf/**"], message: "The generator asks and writes; it renders nothing itself." },
  ],
};

/** The rules of `src/`, for the linter. Of several that fit a file, the last one counts. */
export function importRules(): ImportRule[] {
  return [
    { includes: ["src/**"], patterns: EVERYWHERE },
    ...Object.keys(LAYERS).flatMap(rulesOf),
    { includes: [`src/gates/*/${GATE_CODE}.ts`], patterns: patternsOf("components", "../../") },
  ];
}

function rulesOf(directory: string): ImportRule[] {
  const rules = Array.from({ length: LEVELS }, (_, level) => ({
    includes: [`src/${directory}/${"*/".repeat(level)}*`],
    patterns: patternsOf(directory, "../".repeat(level + 1)),
  }));
  const rooms = ROOMS[directory] ?? {};
  const inRooms = Object.entries(rooms).map(([room, allowed]) => ({
    includes: [`src/${directory}/${room}/*`],
    patterns: [
      ...rules[1].patterns,
      upwards(
        `${directory}/${room}`,
        "../",
        Object.keys(rooms).filter((name) => name !== room && !allowed.includes(name)),
        allowed,
      ),
    ],
  }));
  return [...rules, ...inRooms];
}

function patternsOf(directory: string, up: string): ForbiddenImport[] {
  const above = Object.keys(LAYERS).filter((name) => name !== directory && !LAYERS[directory].includes(name));
  const gateCode: ForbiddenImport = {
    group: [`${up}gates/*/${GATE_CODE}`, `./*/${GATE_CODE}`, `./${GATE_CODE}`],
    message: "A gate's record is data; components alone read what stands beside it.",
  };
  return [
    ...EVERYWHERE,
    upwards(directory, up, [...above, ...SURFACE], LAYERS[directory]),
    ...(directory === "components" ? [] : [gateCode]),
  ];
}

function upwards(of: string, up: string, names: readonly string[], allowed: readonly string[]): ForbiddenImport {
  const may = allowed.length === 0 ? "nothing beside itself" : allowed.join(", ");
  return {
    group: names.flatMap((name) => [`${up}${name}`, `${up}${name}/**`]),
    message: `Dependencies point one way: ${of} imports ${may} and the foundation. See projenrc/layers.ts.`,
  };
}
