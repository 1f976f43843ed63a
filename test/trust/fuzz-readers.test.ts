// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readDeclaration } from "../../src/cli/projenrc-declaration";
import { runPolicyCommand } from "../../src/cli/policy-command";
import { ExplainedError } from "../../src/explained-error";
import { PACKAGE_ROOT } from "../../src/package-root";
import { policyDocuments } from "../../src/policy/judgement";
import { readInputs } from "../../src/policy/policy-input";
import { leftOver } from "../../src/sync/store/journal";
import { formatLock, type LockEntry, parseLock } from "../../src/sync/store/lock-file";
import { readRendering, writeRendering } from "../../src/sync/run/rendering-exchange";
import { issuesOf } from "../options/resolve";
import { leaveJournal } from "../sync/sealed";
import { GOOD_WORKFLOW, violationsOf } from "../workflows/good-workflow";
import { temporaryDirectory } from "./hostile-repository";

const { base } = require("../policies/cases/expand.cjs") as { base(name: string): object };

/** What no reader may take for something else than it is, or go deeper into than it can. */
const HOSTILE: readonly unknown[] = [
  ...[null, true, -1, 1e308, "", [], {}, [null], "\0", "\ud800", "\u2028", "${x}", "../x", "constructor"],
  ...[
    "x".repeat(5000),
    nested(600),
    { constructor: 1, toString: 1, valueOf: null },
    JSON.parse('{"__proto__":{"a":1}}'),
  ],
];
const KEYS = ["__proto__", "constructor", "toString", "\0", "\ud800", "x".repeat(5000)];
const RUNS = { numRuns: 150, seed: 15 };

function nested(depth: number): unknown {
  return JSON.parse("[".repeat(depth) + "]".repeat(depth));
}

/** A value of JSON with one place replaced by something hostile, or one key more. */
function damaged(document: unknown): fc.Arbitrary<unknown> {
  const places = placesOf(document);
  const change = fc.oneof(
    fc.constantFrom(...HOSTILE).map((value) => ({ key: undefined, value })),
    fc.record({ key: fc.constantFrom(...KEYS), value: fc.constantFrom(...HOSTILE) }),
    fc.jsonValue().map((value) => ({ key: undefined, value })),
  );
  return fc.tuple(fc.constantFrom(...places), change).map(([path, { key, value }]) => {
    const copy = structuredClone(document);
    const parent = path.slice(0, -1).reduce<any>((at, name) => at[name], copy);
    const target = key === undefined || !Array.isArray(parent) ? (key ?? (path.at(-1) as string | number)) : 0;
    Object.defineProperty(parent, target, { value, enumerable: true, configurable: true, writable: true });
    return copy;
  });
}

function placesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const own = path.length === 0 ? [] : [path];
  return typeof value !== "object" || value === null
    ? own
    : [...own, ...Object.entries(value).flatMap(([key, item]) => placesOf(item, [...path, key]))];
}

/** A text with a piece of it replaced by characters that mean something to somebody. */
function damagedText(text: string): fc.Arbitrary<string> {
  const piece = fc.array(fc.constantFrom(..."{}[]()\"'`:,-#&*!|>%@\\\n\r\t \0\ud800\ufeff0a"), { maxLength: 12 });
  return fc
    .tuple(fc.nat(text.length), fc.nat(20), piece)
    .map(([at, length, characters]) => `${text.slice(0, at)}${characters.join("")}${text.slice(at + length)}`);
}

/** Whatever is wrong is said in words that a person reads: no stack trace, and not all of the input. */
async function expectExplained(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    expect([error, (error as Error).message.length < 4000]).toEqual([expect.any(ExplainedError), true]);
  }
}

function expectAlwaysExplained<T>(inputs: fc.Arbitrary<T>, read: (input: T) => unknown, runs = RUNS): Promise<void> {
  return fc.assert(
    fc.asyncProperty(inputs, (input) => expectExplained(() => read(input))),
    runs,
  );
}

const ENTRY = { class: "managed", component: "C", version: "1.0.0", sha256: "0".repeat(64), mode: "444" } as const;
const LOCK = formatLock({
  generator: "1.0.0",
  migrations: ["a"],
  files: new Map<string, LockEntry>([
    ["docs/a.md", ENTRY],
    ["src/b.ts", { ...ENTRY, class: "seeded", options: ["name"] }],
  ]),
  ownFiles: ["helm/mine.yaml"],
});
const CONFLICTED = LOCK.replace(
  /^.*docs\/a\.md.*$/m,
  (line) => `<<<<<<< ours\n${line}\n=======\n${line.replace("1.0.0", "1.1.0")}\n>>>>>>> theirs`,
);

describe("a damaged file is explained or read:", () => {
  test("a lock", async () => {
    await expectAlwaysExplained(damaged(JSON.parse(LOCK)), (value) => parseLock(JSON.stringify(value)));
    await expectAlwaysExplained(damagedText(LOCK), parseLock);
    await expectAlwaysExplained(damagedText(CONFLICTED), parseLock);
  });

  test("a journal of this user's own", async () => {
    const root = temporaryDirectory();
    const write = { type: "write", path: "docs/a.md", file: "0", sha256: "0".repeat(64), mode: 420, before: "absent" };
    const journal = { operations: [write], generator: "1.0.0", migrations: ["a"], entries: { "docs/a.md": ENTRY } };
    await expectAlwaysExplained(
      damaged(journal),
      (value) => {
        leaveJournal(root, value);
        expect(["unfinished", "refused"]).toContain(leftOver(root).kind);
      },
      { ...RUNS, numRuns: 40 },
    );
  });

  test("what a projenrc hands over", async () => {
    const file = {
      ownership: "managed",
      component: "C",
      content: Buffer.from("x"),
      mode: 0o444,
      position: "end",
    } as const;
    const files = new Map([["docs/a.md", { path: "docs/a.md", ...file, initial: "", isBlock: false }]]);
    const rendering = JSON.parse(writeRendering({ version: "1.0.0", migrations: [], releases: ["docs/"], files }));
    await expectAlwaysExplained(damaged(rendering), (value) => readRendering(JSON.stringify(value), "/root"));
  });

  test("a projenrc, read as data", async () => {
    const source = `import { CapacityType, RayPlatformProject } from "ray-platform";
const names = ["dev", "prod"];
const project = new RayPlatformProject({
  name: "a", environmentNames: [...names], nodePools: [{ name: "gpu", capacityType: CapacityType.SPOT, max: -1.5e3 }],
});
project.synth();
`;
    expect(readDeclaration(source)).toBeDefined();
    await expectAlwaysExplained(damagedText(source), (text) =>
      readDeclaration(text)?.options({ CapacityType: { SPOT: "spot" } }),
    );
  });

  test("options", async () => {
    const options = {
      name: "a",
      region: "eu-central-1",
      environments: [{ name: "dev", region: "eu-central-1", network: { vpcCidr: "10.0.0.0/16" } }],
      tags: { Team: "a" },
      ray: { workerGroups: [{ name: "cpu", maxReplicas: 2 }] },
      release: ["docs/"],
    };
    // Issues are a list, and an error that is none would be thrown.
    await expectAlwaysExplained(damaged(options), (value) => issuesOf(value as never), { ...RUNS, numRuns: 100 });
  });

  test.each(["plan", "ray-cluster"])(
    "a %s",
    async (name) => {
      const cwd = temporaryDirectory();
      const io = { cwd, out: () => undefined, err: () => undefined };
      const judge = (text: string) => runPolicyCommand(["-", "--sarif"], io, () => text);
      const read = (text: string) => policyDocuments(readInputs(cwd, cwd, ["-"], () => text).inputs);
      const [values, texts] = [damaged(base(name)), damagedText(JSON.stringify(base(name), null, 1))];
      await expectAlwaysExplained(values, (value) => read(JSON.stringify(value)));
      await expectAlwaysExplained(texts, read);
      // The whole command takes longer, most of it with loading the policies.
      await expectAlwaysExplained(values, (value) => judge(JSON.stringify(value)), { ...RUNS, numRuns: 8 });
    },
    120_000,
  );

  test("a workflow", async () => {
    await expectAlwaysExplained(damagedText(GOOD_WORKFLOW), (text) => violationsOf(text), { ...RUNS, numRuns: 100 });
  });
});

/** What of SARIF may be anything: each place is read by a program of its own. */
const SARIF = {
  runs: [
    {
      tool: { driver: { name: "x", rules: [{ id: "r", properties: { "security-severity": "9" } }] }, extensions: [] },
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
      results: [
        {
          ...{ ruleId: "r", level: "error", message: { text: "found" }, suppressions: [] },
          locations: [{ physicalLocation: { artifactLocation: { uri: "a.ts" }, region: { startLine: 3 } } }],
        },
      ],
    },
  ],
};

test("a damaged SARIF report ends with a line or its findings, and no stack trace", () => {
  const cwd = temporaryDirectory();
  const script = join(PACKAGE_ROOT, "templates", "scripts", "sarif-gate.mjs");
  const values = [null, 1, "x", [null], { toString: 1, valueOf: 1 }];
  const places = placesOf(SARIF);
  const failing = { ...SARIF.runs[0], invocations: [{ executionSuccessful: false, exitCodeDescription: {} }] };
  const reports = [
    { runs: [failing] },
    { runs: [{ ...failing, invocations: [{ executionSuccessful: false, toolExecutionNotifications: {} }] }] },
    // A different hostile value at every place, so that each place meets one and each value many places.
    ...places.map((path, index) => {
      const copy = structuredClone(SARIF);
      const parent = path.slice(0, -1).reduce<any>((at, key) => at[key], copy);
      parent[path.at(-1)!] = values[index % values.length];
      return copy;
    }),
  ];
  const results = reports.map((report) => {
    writeFileSync(join(cwd, "x.sarif"), JSON.stringify(report));
    const { status, stderr } = spawnSync(process.execPath, [script, "x.sarif"], { cwd, encoding: "utf8" });
    return { report: JSON.stringify(report), status, isOneLine: /^(?:sarif-gate: [^\n]*\n)?$/.test(stderr) };
  });
  expect(results.filter(({ status, isOneLine }) => ![0, 1, 2].includes(status ?? -1) || !isOneLine)).toEqual([]);
});

/**
 * Each reader in a process of its own with little memory: every input of ten megabytes, one after the other. It says what
 * was thrown, and how long it took in milliseconds of processor time. An error of ours has its message for a stack.
 */
const READERS: Readonly<Record<string, string>> = {
  "a lock": '(text) => require("./lib/sync/store/lock-file.js").parseLock(text)',
  "what a projenrc hands over":
    '(text) => require("./lib/sync/run/rendering-exchange.js").readRendering(text, "/root")',
  "a projenrc": '(text) => require("./lib/cli/projenrc-declaration.js").readDeclaration(text)',
  "a plan or manifest": '(text) => require("./lib/policy/parse-documents.js").parseDocuments("input.yaml", text)',
  "a workflow":
    '(text) => require("./lib/workflow-rules/check-workflow.js").checkWorkflow("x.yml", text, { pins: new Map() })',
};

const SIZE = 10 * 2 ** 20;
const DEPTH = 200_000;
const LARGE: Readonly<Record<string, () => string>> = {
  "a long string": () => `{"a":"${"x".repeat(SIZE)}"}`,
  "a string of escapes": () => `{"a":"${"\\n".repeat(SIZE / 2)}"}`,
  "deep lists": () => "[".repeat(DEPTH) + "]".repeat(DEPTH),
  "deep objects": () => `${'{"a":'.repeat(DEPTH)}1${"}".repeat(DEPTH)}`,
  "a format that is deep": () => `{"format":${"[".repeat(DEPTH)}${"]".repeat(DEPTH)},"generator":"1","files":{}}`,
  "a format that is long": () => `{"format":"${"x".repeat(SIZE)}","generator":"1","files":{}}`,
  "a path that is long": () => `{"format":1,"generator":"1","files":{"${"x".repeat(SIZE)}":{}}}`,
  "lists that never end": () => "[".repeat(SIZE),
  "quotes alone": () => '"'.repeat(SIZE),
  "NUL alone": () => "\0".repeat(SIZE),
  "blanks alone": () => " ".repeat(SIZE),
  "lines alone": () => "\n".repeat(SIZE),
  "escaped lone surrogates": () => `{"a":"${"\\ud800".repeat(SIZE / 6)}"}`,
  "many keys": () => `{${Array.from({ length: SIZE / 14 }, (_, index) => `"k${index}":1`).join()}}`,
  "many keys of YAML": () => Array.from({ length: SIZE / 12 }, (_, index) => `k${index}: 1\n`).join(""),
  // As much YAML as is read, in as many parts as it can have.
  ...Object.fromEntries(
    [
      ["items", "- a\n"],
      ["anchors", "- &a b\n"],
      ["comments", "#\n"],
      ["documents", "---\n"],
      ["keys in keys", "? "],
      ["empty values", ":\n"],
      ["maps in lists", "- a: 1\n  b: 2\n"],
      ["quoted texts", '"a" '],
      ["flow lists", "[a],"],
    ].map(([name, part]) => [`YAML of ${name}`, () => part!.repeat(Math.floor((4 * 2 ** 20 - 1) / part!.length))]),
  ),
  "a flow list of YAML without an end": () => `- [${"a,".repeat(2 * 2 ** 20 - 8)}`,
  "maps in a flow list of YAML": () => `- [${"{a: 1},".repeat(4 * 2 ** 17)}]`,
  "a list of YAML that is not malformed": () => "- a\n".repeat(100_000),
  "keys of YAML, the last of them malformed": () =>
    `${Array.from({ length: 80_000 }, (_, index) => `k${index}: 1\n`).join("")}"a: [\n`,
  "a conflict with a long line": () => `<<<<<<< a\n    "${"x".repeat(SIZE)}": {}\n=======\n>>>>>>> b\n`,
  "a conflict with many lines": () => `<<<<<<< a\n${'  "a": {},\n'.repeat(SIZE / 12)}`,
};

/** Programs of a generated repository that read such a file, and what they end with where it is not theirs. */
const SCRIPTS: Readonly<Record<string, (file: string) => readonly string[]>> = {
  "sarif-gate.mjs": (file) => [file],
  "plan-summary.mjs": (file) => ["dev", file],
  "stand-ins.mjs": (file) => [file],
  "partial-plan.mjs": (file) => [file, file],
};

/** Loaded before a script: tells on its end what it took. */
const MEASURE = `
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  require("node:fs").writeFileSync("usage.json", JSON.stringify({ ms: (userCPUTime + systemCPUTime) / 1000, megabytes: maxRSS / 1024 }));
});
`;

const PROGRAM = `
const { readdirSync, readFileSync } = require("node:fs");
const read = eval(process.argv[2]);
const results = [];
for (const name of readdirSync("large")) {
  const text = readFileSync("large/" + name, "utf8");
  const before = process.cpuUsage();
  let problem = "";
  try {
    read(text);
  } catch (error) {
    problem = (error.stack === error.message ? "explained: " : "") + error.message;
  }
  const { user, system } = process.cpuUsage(before);
  results.push({ name, ms: (user + system) / 1000, problem: problem.slice(0, 4000) });
  gc();
}
console.log(JSON.stringify({ results, megabytes: process.resourceUsage().maxRSS / 1024 }));
`;

describe("ten megabytes are read or refused in a sentence, within five seconds and 500 MB:", () => {
  let cwd: string;
  beforeAll(() => {
    cwd = temporaryDirectory();
    mkdirSync(join(cwd, "large"));
    for (const [name, make] of Object.entries(LARGE)) {
      writeFileSync(join(cwd, "large", name), make());
    }
    writeFileSync(join(cwd, "program.cjs"), PROGRAM);
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  test.each(Object.entries(READERS))(
    "%s",
    (_, reader) => {
      const compiled = reader.replace(/"\.\/lib/, `"${join(PACKAGE_ROOT, "lib")}`);
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ["--expose-gc", "--max-old-space-size=400", "program.cjs", compiled],
        { cwd, encoding: "utf8", maxBuffer: 64 << 20 },
      );
      expect(stderr).toBe("");
      const { results, megabytes } = JSON.parse(stdout) as {
        results: { name: string; ms: number; problem: string }[];
        megabytes: number;
      };
      const isExplained = (problem: string) => problem === "" || /^explained: .{1,2000}$/s.test(problem);
      expect(results.filter(({ ms, problem }) => ms > 5000 || !isExplained(problem))).toEqual([]);
      expect([results.length, megabytes < 500]).toEqual([Object.keys(LARGE).length, true]);
    },
    120_000,
  );

  test.each(Object.entries(SCRIPTS))(
    "%s",
    (script, argumentsOf) => {
      const scripts = join(cwd, "scripts");
      cpSync(join(PACKAGE_ROOT, "templates", "scripts"), scripts, { recursive: true });
      mkdirSync(join(cwd, "node_modules"), { recursive: true });
      rmSync(join(cwd, "node_modules", "ray-platform"), { force: true });
      symlinkSync(PACKAGE_ROOT, join(cwd, "node_modules", "ray-platform"), "junction");
      writeFileSync(join(cwd, "measure.cjs"), MEASURE);
      const results = Object.keys(LARGE)
        .filter((name) =>
          /^(?:a long string|deep lists|deep objects|lists that never end|quotes alone|many keys)$/.test(name),
        )
        .map((name) => {
          const options = ["--max-old-space-size=400", "--require", "./measure.cjs"];
          const { status, stderr } = spawnSync(
            process.execPath,
            [...options, join(scripts, script), ...argumentsOf(join("large", name))],
            { cwd, encoding: "utf8" },
          );
          const { ms, megabytes } = JSON.parse(readFileSync(join(cwd, "usage.json"), "utf8"));
          return {
            name,
            status,
            ms,
            megabytes,
            isOneLine: /^(?:[^\n]{0,2000}\n)?$/.test(stderr),
            stderr: stderr.slice(0, 500),
          };
        });
      expect(
        results.filter(
          ({ status, ms, megabytes, isOneLine }) =>
            ![0, 1, 2].includes(status ?? -1) || ms > 5000 || megabytes > 500 || !isOneLine,
        ),
      ).toEqual([]);
    },
    120_000,
  );
});
