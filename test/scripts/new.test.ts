// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";

const KIND = `
import { insertBefore } from "../insert-line.mjs";
export default {
  summary: "a color",
  name: { pattern: /^[a-z]+$/, rule: "one lower-case word", example: "green" },
  scaffold: (name) => ({
    files: { ["colors/" + name + "/record.txt"]: name + "\\n" },
    edits: { "colors/list.txt": (text) => insertBefore(text, /^end$/, name) },
    next: ["Mix " + name + "."],
  }),
};
`;

/** A tree with the dispatcher and one kind, whose things are colors. */
function tree(): string {
  const root = mkdtempSync(join(tmpdir(), "new-"));
  for (const directory of ["scripts/new", "colors"]) {
    mkdirSync(join(root, directory), { recursive: true });
  }
  for (const script of ["new.mjs", "insert-line.mjs"]) {
    cpSync(join(PACKAGE_ROOT, "scripts", script), join(root, "scripts", script));
  }
  writeFileSync(join(root, "scripts/new/color.mjs"), KIND);
  writeFileSync(join(root, "colors/list.txt"), "blue\nend\n");
  return root;
}

function run(root: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/new.mjs"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const list = (root: string) => readFileSync(join(root, "colors/list.txt"), "utf8");

describe("npm run new", () => {
  test("lays the files, adds the line to the list, and says what is left to do", () => {
    const root = tree();
    const { status, stdout } = run(root, "color", "green");
    expect(status).toBe(0);
    expect(readFileSync(join(root, "colors/green/record.txt"), "utf8")).toBe("green\n");
    expect(list(root)).toBe("blue\ngreen\nend\n");
    expect(stdout).toContain("created colors/green/record.txt\nchanged colors/list.txt\n");
    expect(stdout).toContain("1. Mix green.");
  });

  test("writes nothing if a file exists already", () => {
    const root = tree();
    run(root, "color", "green");
    const { status, stderr } = run(root, "color", "green");
    expect([status, stderr]).toEqual([1, expect.stringContaining("colors/green/record.txt exists already.")]);
    expect(list(root)).toBe("blue\ngreen\nend\n");
  });

  test("writes nothing if a list has lost its form", () => {
    const root = tree();
    writeFileSync(join(root, "colors/list.txt"), "blue\n");
    const { status, stderr } = run(root, "color", "green");
    expect([status, stderr]).toEqual([1, expect.stringContaining("colors/list.txt: 0 lines are like /^end$/")]);
    expect(existsSync(join(root, "colors/green"))).toBe(false);
  });

  test("--dry-run writes nothing, --json is for machines", () => {
    const root = tree();
    const { status, stdout } = run(root, "color", "green", "--dry-run", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      created: ["colors/green/record.txt"],
      changed: ["colors/list.txt"],
      next: ["Mix green."],
    });
    expect(list(root)).toBe("blue\nend\n");
  });

  test.each([
    [[], "KIND is missing."],
    [["tint", "green"], "There is no kind 'tint'."],
    [["color"], "NAME is missing."],
    [["color", "green", "red"], "'red' is too much"],
    [["color", "../green"], "NAME = '../green': must be one lower-case word, such as green."],
    [["color", "green", "--dye"], "'--dye'"],
  ])("%j is wrong usage", (args, message) => {
    const { status, stderr } = run(tree(), ...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).toContain("  color      a color");
    expect(stderr).not.toContain("    at ");
  });

  test("--help names the kinds", () => {
    const { status, stdout } = run(tree(), "--help");
    expect([status, stdout]).toEqual([0, expect.stringContaining("  color      a color")]);
  });
});

describe("npm run new -- gate", () => {
  const root = mkdtempSync(join(tmpdir(), "new-gate-"));
  for (const path of ["scripts", "src/gates", "src/options", "workflows"]) {
    cpSync(join(PACKAGE_ROOT, path), join(root, path), { recursive: true });
  }
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const { status } = run(root, "gate", "kube-linter");

  test("lays record and workflow", () => {
    expect(status).toBe(0);
    expect(read("src/gates/kube-linter/record.ts")).toContain("export const kubeLinter: GateRecord = {");
    expect(read("workflows/kube-linter.yml")).toMatch(/uses: actions\/checkout@[0-9a-f]{40} # v/);
  });

  test("adds one line to the list, and the option", () => {
    expect(read("src/gates/index.ts")).toContain('import { kubeLinter } from "./kube-linter/record";\nimport {');
    expect(read("src/gates/index.ts")).toContain("\n  kubeLinter,\n];");
    expect(read("src/options/workflow-options.ts")).toMatch(/\n {2}readonly kubeLinter\?: ScheduledGateOptions;\n}\n$/);
  });
});
