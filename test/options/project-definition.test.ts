// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as inventory from "projen/lib/inventory";
import { renderProjenInitOptions } from "projen/lib/javascript/render-options";
import { InitProjectOptionHints } from "projen/lib/option-hints";
import type { InitProject } from "projen/lib/project";
import ts from "typescript";
import { readDeclaration } from "../../src/cli/projenrc-declaration";
import { renderProjectDefinition, writeProjectDefinition } from "../../src/components/project-definition";
import { PACKAGE_ROOT } from "../../src/package-root";
import { PACKAGE_VERSION } from "../../src/package-version";
import { RayPlatformProject } from "../../src/ray-platform-project";
import { Accelerator } from "../../src/options/accelerator";
import { evaluate } from "./evaluate";
import { resolve } from "./resolve";

const type = inventory.discover(PACKAGE_ROOT).find(({ moduleName }) => moduleName === "ray-platform") as ReturnType<
  typeof inventory.resolveProjectType
> &
  InitProject["type"];

function created(args: Record<string, unknown>, comments = InitProjectOptionHints.FEATURED): InitProject {
  return { fqn: type.fqn, type, args: { name: "platform", ...args }, comments } as unknown as InitProject;
}

const render = (args: Record<string, unknown>, flags: string[] = []) =>
  renderProjectDefinition(created(args), ["node", "projen", "new", ...flags]);

/** A comment that holds an option, or an import for one, rather than prose. */
const COMMENTED = /^(\s*)\/\/ ((?:[a-z]\w*: .*,|import \{.*;))$/;
const uncommented = (text: string) =>
  text
    .split("\n")
    .map((line) => line.replace(COMMENTED, "$1$2"))
    .join("\n");
const commentedLines = (text: string) => text.split("\n").filter((line) => COMMENTED.test(line));

/** Type errors of each text, with the package's types; all texts in one program. */
function typeErrors(texts: readonly string[]): string[][] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    paths: { "ray-platform": [join(PACKAGE_ROOT, "lib", "index.d.ts")] },
    types: [],
  };
  const files = new Map(texts.map((text, index) => [join(PACKAGE_ROOT, `definition-${index}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    files.has(path)
      ? ts.createSourceFile(path, files.get(path) as string, ts.ScriptTarget.ES2022)
      : getSourceFile(path, ...rest);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].map((path) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"),
    );
  });
}

const GIVEN: Readonly<Record<string, Record<string, unknown>>> = {
  nothing: {},
  "flags of the example": { awsRegion: "eu-west-1", githubOwner: "acme" },
  enums: { accelerator: "p4d", engine: "cdktn" },
  "no GPU": { accelerator: "none" },
  "an accelerator of one GPU": { accelerator: "g5g" },
  environments: { environmentNames: ["dev", "prod"] },
  "a version from the registry": { devDeps: ["ray-platform@^1.0.0"] },
  "a file": { devDeps: ["ray-platform@file:/tmp/a b/ray-platform.tgz"] },
  everything: {
    awsRegion: "eu-central-1",
    awsAccountId: "111122223333",
    kubernetesVersion: "1.34",
    accelerator: "g6",
    githubOwner: "acme",
    githubRepository: "infra",
    githubOwnerId: "1",
    githubRepositoryId: "2",
    clusterName: "ml",
    engine: "cdktn",
    allowedRegions: ["eu-central-1"],
    environmentNames: ["a"],
    monitoring: true,
  },
};
const cases = Object.entries(GIVEN);

describe("the first .projenrc.ts", () => {
  const texts = cases.flatMap(([, args]) => [
    render(args),
    uncommented(render(args)),
    renderProjectDefinition(created(args, InitProjectOptionHints.NONE), []),
  ]);
  const errors = typeErrors(texts);

  test.each(cases.map(([title], index) => [title, index] as const))(
    "with %s type-checks as it is, uncommented, and without comments",
    (_title, index) => {
      expect(errors.slice(index * 3, index * 3 + 3)).toEqual([[], [], []]);
    },
  );

  test("is refused by the type check where it is wrong", () => {
    expect(typeErrors([render({}).replace("name:", "nmae:")])[0].join()).toContain("nmae");
  });

  test.each(cases)("with %s passes on what was given, and resolves", (_title, args) => {
    const { devDeps: _devDeps, ...expected } = args;
    const options = evaluate(render(args));
    expect(options).toMatchObject({ name: "platform", ...expected });
    expect(() => resolve(options)).not.toThrow();
  });

  test.each(cases)("with %s resolves with every comment uncommented", (_title, args) => {
    const text = render(args);
    expect(commentedLines(text).length).toBeGreaterThanOrEqual(5);
    const options = evaluate(uncommented(text));
    expect(Object.keys(options).length).toBeGreaterThan(Object.keys(evaluate(text)).length);
    expect(() => resolve(options)).not.toThrow();
  });

  test.each(cases)("with %s resolves with any one comment uncommented", (_title, args) => {
    const text = render(args);
    const [imports, options] = [/import/, /^\s/].map((kind) => commentedLines(text).filter((line) => kind.test(line)));
    const imported = imports.reduce((rest, line) => rest.replace(line, line.replace(COMMENTED, "$1$2")), text);
    for (const line of options) {
      expect(() => resolve(evaluate(imported.replace(line, line.replace(COMMENTED, "$1$2"))))).not.toThrow();
    }
  });

  test("writes enum members, and imports them", () => {
    const text = render({ accelerator: Accelerator.G5 });
    expect(text).toContain('import { Accelerator, RayPlatformProject } from "ray-platform";');
    expect(text).toContain("  accelerator: Accelerator.G5,");
  });

  test("states what the policies have to allow for the accelerator", () => {
    expect(render({ accelerator: Accelerator.G5 })).toMatch(
      /^ {2}policyLimits: \{ gpuInstanceTypes: \["g4dn.xlarge",.*,"g5.2xlarge","g5.4xlarge"\] \},$/m,
    );
    expect(render({ accelerator: Accelerator.G4DN })).not.toMatch(/^ {2}policyLimits/m);
  });

  test("writes a value that is no member as it is, so that the type check finds it", () => {
    expect(render({ accelerator: "h100" })).toContain('accelerator: "h100",');
  });

  test("tells what each option means", () => {
    expect(render({ awsRegion: "eu-west-1" })).toContain("  // AWS region.\n  awsRegion: ");
  });

  test("shows featured options with their defaults, and structs by example", () => {
    const text = render({});
    expect(text).toContain('  // awsRegion: "us-east-1",');
    expect(text).toContain("  // engine: Engine.CDKTF,");
    expect(text).toContain('  // network: { vpcCidr: "10.20.0.0/16" },');
  });

  test("has no comment but its first line without comments", () => {
    const text = renderProjectDefinition(created({ awsRegion: "eu-west-1" }, InitProjectOptionHints.NONE), []);
    expect(text.split("\n").filter((line) => line.includes("//"))).toHaveLength(1);
  });

  test("has texts as they were typed", () => {
    expect(
      render({ awsAccountId: 12345678901, kubernetesVersion: 1.3 }, [
        "--aws-account-id=012345678901",
        "--kubernetes-version",
        "1.30",
      ]),
    ).toMatch(/awsAccountId: "012345678901",[\s\S]*kubernetesVersion: "1.30",/);
  });

  test("installs from where it came, unless that is the registry", () => {
    expect(render({ devDeps: ["ray-platform@file:/tmp/x.tgz"] })).toContain(
      'devDeps: ["ray-platform@file:/tmp/x.tgz"],',
    );
    expect(render({ devDeps: ["ray-platform"] })).not.toContain("devDeps");
    expect(render({ devDeps: ["ray-platform@^1.2.0"] })).not.toContain("devDeps");
  });

  test("is never overwritten", () => {
    const directory = mkdtempSync(join(tmpdir(), "options-"));
    const license = { holder: "Acme Ltd", spdxId: "MIT" };
    writeProjectDefinition(directory, created({}), [], license);
    expect(readFileSync(join(directory, ".projenrc.ts"), "utf8")).toMatch(
      /^\/\/ Copyright Acme Ltd\n\/\/ SPDX-License-Identifier: MIT\n/,
    );
    writeFileSync(join(directory, ".projenrc.ts"), "// mine");
    writeProjectDefinition(directory, created({}), [], license);
    expect(readFileSync(join(directory, ".projenrc.ts"), "utf8")).toBe("// mine");
    rmSync(directory, { recursive: true });
  });
});

test.each(Object.entries(GIVEN))("what is written for %s is read as data, so that nothing of it runs", (_, args) => {
  expect(readDeclaration(render(args))).toBeDefined();
  expect(readDeclaration(uncommented(render(args)))).toBeDefined();
});

/** The version that a repository asks for when `projen new` makes it. */
function firstVersion(spec: string): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), "first-"));
  const options = renderProjenInitOptions(type.fqn, { name: "platform", devDeps: [spec] }) as { name: string };
  jest.spyOn(inventory, "resolveProjectType").mockReturnValue(type);
  const { deps } = new RayPlatformProject({ ...options, outdir: directory });
  return deps.getDependency("ray-platform").version;
}

test.each([
  "ray-platform",
  "ray-platform@latest",
  "ray-platform@^2.0",
  "ray-platform@>=1 <3",
  "ray-platform@0.1.0 || 2",
])("a repository made from %s has the exact version from its first commit on", (spec) =>
  expect(firstVersion(spec)).toBe(PACKAGE_VERSION),
);

test.each(["ray-platform@file:/p/x.tgz", "ray-platform@git+https://example.com/x.git"])("%s stays what it is", (spec) =>
  expect(firstVersion(spec)).toBe(spec.replace("ray-platform@", "")),
);
