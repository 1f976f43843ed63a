// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { RayPlatformProject } from "../../src/ray-platform-project";
import { filesOf } from "../options/resolve";
import { anchors, inlineCode, links } from "./markdown";
import { projectDocuments } from "./project-documents";

/** Paths in directories that are generated. */
const PATH = /^(?:\.github|\.ray-platform|docs|helm|policies|scripts|src|test)\/[\w./-]+$/;

/** What the user makes, what a regeneration makes of edits, and a directory that documents speak of even where it is empty. */
const NOT_GENERATED = /^(?:policies\/custom\/(?!README\.md)|\.ray-platform\/rejected\/|\.github\/workflows\/?$)/;

const repositories: Readonly<Record<string, RayPlatformProjectOptions>> = {
  "with all workflows": { name: "platform", githubOwner: "acme", workflows: { privateRunnerLabels: ["private-eks"] } },
  "with the workflows that no option leaves out": {
    name: "platform",
    githubOwner: "acme",
    workflows: Object.fromEntries(
      WORKFLOWS.flatMap(({ option }) => (option === undefined ? [] : [[option, { enabled: false }]])),
    ),
  },
  "without workflows": { name: "platform", workflows: { enabled: false } },
};

describe.each(Object.entries(repositories))("a generated repository %s", (_, options) => {
  const directory = mkdtempSync(join(tmpdir(), "documents-"));
  let files: string[] = [];

  beforeAll(() => {
    process.env.PROJEN_DISABLE_POST = "true"; // no npm install
    writeFileSync(join(directory, ".projenrc.ts"), "// written by projen new\n");
    new RayPlatformProject({ ...options, outdir: directory }).synth();
    files = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => posix.relative(directory, posix.join(entry.parentPath, entry.name)));
  });
  afterAll(() => {
    delete process.env.PROJEN_DISABLE_POST;
    rmSync(directory, { recursive: true, force: true });
  });

  test("has only links that lead somewhere", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(documents().flatMap((path) => brokenLinks(directory, path))).toEqual([]);
  });

  test("has only paths in its documents that exist", () => {
    const missing = documents().flatMap((path) =>
      inlineCode(readFileSync(join(directory, path), "utf8"))
        .filter((code) => PATH.test(code) && !NOT_GENERATED.test(code) && !existsSync(join(directory, code)))
        .map((code) => `${path}: ${code}`),
    );
    expect(missing).toEqual([]);
  });

  test("speaks of no workflow that it does not have", () => {
    const absent = WORKFLOWS.map(({ id }) => `${id}.yml`).filter(
      (name) => !existsSync(join(directory, ".github", "workflows", name)),
    );
    const spokenOf = documents().flatMap((path) =>
      inlineCode(readFileSync(join(directory, path), "utf8"))
        .filter((code) => absent.includes(posix.basename(code)))
        .map((code) => `${path}: ${code}`),
    );
    expect(spokenOf).toEqual([]);
  });

  test("names each npx projen task that its documents use", () => {
    const { tasks } = JSON.parse(readFileSync(join(directory, ".projen", "tasks.json"), "utf8"));
    const used = documents().flatMap((path) =>
      [...readFileSync(join(directory, path), "utf8").matchAll(/npx projen ([a-z][\w:-]*)/g)].map(([, task]) => task),
    );
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((task) => !(task in tasks))).toEqual([]);
  });

  function documents(): string[] {
    return files.filter((path) => path.endsWith(".md"));
  }
});

/** Each workflow that an option leaves out is missed alone, and is there alone. */
const OPTIONAL = WORKFLOWS.flatMap(({ id, option }) => (option === undefined ? [] : [[id, option] as const]));
const without = (...options: readonly string[]) =>
  Object.fromEntries(options.map((option) => [option, { enabled: false }]));

test.each(
  OPTIONAL.flatMap(([id, option]) => [
    [`without ${id}.yml`, without(option)] as const,
    [
      `with ${id}.yml alone`,
      without(...OPTIONAL.map(([, other]) => other).filter((other) => other !== option)),
    ] as const,
  ]),
)("a repository %s speaks of no workflow that it does not have", (_title, workflows) => {
  const files = filesOf({ githubOwner: "acme", workflows });
  const absent = OPTIONAL.map(([id]) => `${id}.yml`).filter((name) => !(`.github/workflows/${name}` in files));
  const names = new RegExp(`(?<![\\w./-])(?:\\.github/workflows/)?(?:${absent.join("|").replaceAll(".", "\\.")})\\b`);
  const spokenOf = Object.entries(files)
    .filter(([path]) => /\.(?:md|ya?ml|json|ts)$/.test(path) && !path.startsWith(".github/scanners/"))
    .flatMap(([path, text]) => {
      const found = names.exec(text)?.[0];
      return found === undefined ? [] : [`${path}: ${found}`];
    });
  expect(absent.length).toBeGreaterThan(0);
  expect(spokenOf).toEqual([]);
});

describe("this project", () => {
  test("has only links that lead somewhere", () => {
    expect(projectDocuments().flatMap(({ path }) => brokenLinks(PACKAGE_ROOT, path))).toEqual([]);
  });

  test("lists every guide in docs/README.md", () => {
    const listed = links(readFileSync(join(PACKAGE_ROOT, "docs", "README.md"), "utf8"));
    const guides = projectDocuments()
      .map(({ path }) => path)
      .filter((path) => path.startsWith("docs/") && path !== "docs/README.md");
    expect(guides.filter((path) => !listed.includes(path.slice("docs/".length)))).toEqual([]);
  });

  test("names each npm script that its documents use", () => {
    const { scripts } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8"));
    const used = projectDocuments().flatMap(({ content }) =>
      [...content.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, script]) => script),
    );
    expect(used.length).toBeGreaterThan(2);
    expect(used.filter((script) => !(script in scripts))).toEqual([]);
  });
});

/** Links of a document to files or headings that are not there. */
function brokenLinks(root: string, path: string): string[] {
  const content = readFileSync(join(root, path), "utf8");
  return links(content)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file, anchor] = link.split("#");
      const target = file === "" ? path : posix.normalize(posix.join(posix.dirname(path), file));
      return (
        !existsSync(join(root, target)) ||
        (anchor !== undefined && !anchors(readFileSync(join(root, target), "utf8")).includes(anchor))
      );
    })
    .map((link) => `${path}: ${link}`);
}
