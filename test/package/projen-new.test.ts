// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  packModule,
  projenNew,
  removeDirectories,
  repositoryFiles,
  repositoryTexts,
  temporaryDirectory,
} from "./packed-module";

/** Everything but the installation of dependencies, which takes longest and does not depend on flags. */
const QUICK = ["--no-post", "--no-git"];

let tarball: string;
let base: string;

beforeAll(() => {
  base = temporaryDirectory();
  tarball = packModule(base).tarball;
}, 120_000);

afterAll(removeDirectories);

const create = (name: string, flags: readonly string[], env = {}) => {
  const directory = join(base, name);
  return { directory, ...projenNew({ directory, tarball, flags: [...QUICK, ...flags], env }) };
};
const platform = (directory: string) =>
  JSON.parse(readFileSync(join(directory, "src", "platform", "platform.json"), "utf8"));
const definition = (directory: string) => readFileSync(join(directory, ".projenrc.ts"), "utf8");
/** What is there beside what projen itself needs to load the module. */
const written = (directory: string) =>
  readdirSync(directory).filter((name) => !["node_modules", "package.json"].includes(name));

const SLOW = 60_000;

test(
  "flags of every kind reach .projenrc.ts typed and the configuration: text, enum, list, yes and no",
  () => {
    const { directory, status } = create("flags", [
      "--aws-region",
      "eu-west-1",
      "--aws-account-id",
      "012345678901",
      "--accelerator",
      "g5",
      "--environment-names",
      "dev",
      "--environment-names",
      "prod",
      "--no-monitoring",
      "--kubernetes-version",
      "1.33",
    ]);
    expect(status).toBe(0);
    expect(definition(directory)).toContain('import { Accelerator, RayPlatformProject } from "ray-platform";');
    expect(definition(directory)).toContain("accelerator: Accelerator.G5,");
    expect(definition(directory)).toContain(
      'policyLimits: { gpuInstanceTypes: ["g4dn.xlarge","g4dn.2xlarge","g4dn.4xlarge","p3.2xlarge","g5.2xlarge","g5.4xlarge"] },',
    );
    expect(definition(directory)).toContain('environmentNames: ["dev","prod"],');
    expect(definition(directory)).toContain("monitoring: false,");
    expect(definition(directory)).toContain('awsAccountId: "012345678901",');
    const { environments } = platform(directory);
    expect(environments.map((environment: { name: string }) => environment.name)).toEqual(["dev", "prod"]);
    expect(environments.map((environment: { accountId: string }) => environment.accountId)).toEqual([
      "012345678901",
      "012345678901",
    ]);
    expect(environments[0].cluster.version).toBe("1.33");
  },
  SLOW,
);

test(
  "a mistyped flag is an error that names the nearest one, and nothing is written",
  () => {
    const { directory, status, output } = create("typo", ["--aws-regoin", "eu-west-1"]);
    expect(status).not.toBe(0);
    expect(output).toContain("did you mean --aws-region?");
    expect(written(directory)).toEqual([]);
  },
  SLOW,
);

test(
  "an enum value that does not exist is an error that lists those that do, and nothing is written",
  () => {
    const { directory, status, output } = create("bad-enum", ["--accelerator", "h100"]);
    expect(status).not.toBe(0);
    expect(output).toContain('accelerator = "h100"');
    expect(output).toMatch(/on the command line: none, g4dn, g5, .*p5\)/);
    expect(output).not.toMatch(/^ +at |OptionsError|throw /m);
    expect(written(directory)).toEqual([]);
  },
  SLOW,
);

test(
  "--no-synth writes the definition, without comments if --no-comments says so, and says how to go on",
  () => {
    const { directory, status, output } = create("no-synth", ["--no-synth", "--no-comments"]);
    expect(status).toBe(0);
    expect(written(directory)).toEqual([".gitignore", ".projenrc.ts"]);
    expect(readFileSync(join(directory, ".gitignore"), "utf8")).toBe("/node_modules/\n");
    expect(output).toContain("npx ray-platform projenrc");
    expect(
      definition(directory)
        .split("\n")
        .filter((line) => /^ +\/\/ [a-zA-Z]+:/.test(line)),
    ).toEqual([]);
  },
  SLOW,
);

test(
  "without --no-comments the definition suggests the options that were not given",
  () => {
    const { directory } = create("comments", ["--no-synth"]);
    expect(definition(directory)).toMatch(/^ +\/\/ awsRegion: "/m);
  },
  SLOW,
);

test(
  "--outdir makes the directory it names, and leaves nothing to commit beside it that npm installed",
  () => {
    const { directory, status } = create("outdir", ["--outdir", "platforms/gpu"]);
    expect(status).toBe(0);
    expect(written(directory)).toEqual([".gitignore", "platforms"]);
    expect(existsSync(join(directory, "platforms", "gpu", "src", "main.ts"))).toBe(true);
  },
  SLOW,
);

test(
  "what projen new installs to begin with is not reported as replaced",
  () => {
    const { output } = create("quiet", []);
    expect(output).toMatch(/created {2}\d+ files/);
    expect(output).not.toContain("package.json");
  },
  SLOW,
);

test(
  "NODE_ENV=production changes nothing",
  () => {
    const { directory, status } = create("production", [], { NODE_ENV: "production" });
    expect(status).toBe(0);
    expect(existsSync(join(directory, "src", "main.ts"))).toBe(true);
  },
  SLOW,
);

test(
  "the same options in directories of different names give the same bytes",
  () => {
    const flags = ["--name", "same", "--github-owner", "acme"];
    const first = create("one", flags).directory;
    const second = create("another directory", flags).directory;
    expect(repositoryFiles(first).length).toBeGreaterThan(100);
    expect(repositoryTexts(second)).toEqual(repositoryTexts(first));
  },
  2 * SLOW,
);
