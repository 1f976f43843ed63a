// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolveOptions } from "../../src/config/resolve-options";
import { commandLineValues } from "../../src/options/command-line-values";
import type { OptionIssue, OptionsError } from "../../src/options/option-issues";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";

const STRUCT = "RayPlatformProjectOptions";
const argv = (...flags: string[]) => ["node", "projen", "new", "--from", "ray-platform", ...flags];

function issuesOf(
  flags: string[],
  env: Record<string, string> = { PROJEN_CREATE_PROJECT: "true" },
): readonly OptionIssue[] {
  try {
    resolveOptions({ name: "platform" }, { argv: argv(...flags), env });
    return [];
  } catch (error) {
    return (error as OptionsError).issues;
  }
}

describe("the command line of projen new", () => {
  test.each([
    [
      [
        "--aws-region",
        "eu-west-1",
        "--githubOwner=acme",
        "--monitoring",
        "--no-git",
        "--no-comments",
        "--projen-version=0.103.0",
      ],
    ],
    [
      [
        "--debug",
        "ray-platform",
        "--environment-names",
        "dev",
        "--environment-names",
        "prod",
        "--accelerator=g5",
        "-f",
        "ray-platform",
        "--no-synth",
        "--no-post",
      ],
    ],
    [["--allowed-regions=eu-west-1", "--projenrc-ts", "--debug", "--outdir", "x", "--", "--anything"]],
    [["--name", "x", "--aws-account-id", "-1"]],
  ])("%j is taken", (flags) => {
    expect(issuesOf(flags)).toEqual([]);
  });

  test.each([
    [["--aws-reggion=eu-west-1"], "--aws-reggion", "eu-west-1", "did you mean --aws-region?"],
    [["--awsReggion", "eu-west-1"], "--awsReggion", "eu-west-1", "did you mean --aws-region?"],
    [["--acelerator", "--no-git"], "--acelerator", true, "did you mean --accelerator?"],
    [["--no-gti"], "--no-gti", true, "did you mean --git?"],
    [["--xyzzyxyzzy"], "--xyzzyxyzzy", true, "use one of --"],
    [["--projenrc-js"], "--projenrc-js", true, "leave it out"],
    [["--projenrc-json"], "--projenrc-json", true, "leave it out"],
    [["--github-owner", "-acme"], "--github-owner", "-acme", "write --github-owner=-acme"],
    [["-acme"], "-acme", true, "did you mean --name?"],
    [
      ["ray-platform", "--environment-names", "dev", "prod"],
      "prod",
      "prod",
      "--environment-names dev --environment-names prod",
    ],
    [["ray-platform", "--monitoring=true", "--no-git", "prod"], "prod", "prod", "one by one"],
  ])("%j is refused as it was typed, with the way out", (flags, path, value, fix) => {
    expect(issuesOf(flags)).toMatchObject([{ path, value, fix: expect.stringContaining(fix) }]);
  });

  test("of a struct that is refused, the fields are not judged as well", () => {
    const options = { name: "platform", network: { "vpc-cidr": "10.0.0.0/8", vpcCidr: "10.0.0.0/8" } } as never;
    const read = () =>
      resolveOptions(options, {
        argv: argv("--network.vpc-cidr", "10.0.0.0/8"),
        env: { PROJEN_CREATE_PROJECT: "true" },
      });
    expect(read).toThrow(/^1 option is wrong/);
  });

  test.each([
    [
      ["--engine", "cdktnn"],
      '"cdktnn"',
      "did you mean Engine.CDKTN? use one of Engine.CDKTF, Engine.CDKTN (on the command line: cdktf, cdktn)",
    ],
    [["--engine=x"], '"x"', "use one of Engine.CDKTF, Engine.CDKTN (on the command line: cdktf, cdktn)"],
  ])("an enum value that does not exist is shown as it was typed: %j", (flags, value, fix) => {
    const read = () =>
      resolveOptions(
        { name: "platform", engine: undefined },
        { argv: argv(...flags), env: { PROJEN_CREATE_PROJECT: "true" } },
      );
    expect(read).toThrow(
      new RegExp(
        `engine = ${value}\n    rule: must be a member of Engine\n    fix:  ${fix.replace(/[.?()]/g, "\\$&")}\n`,
      ),
    );
  });

  test.each([
    "--network={}",
    "--environments",
    "--network.vpc-cidr=10.0.0.0/16",
    "--gpu-pool.maxSize",
    "--tags.Team=ml",
    "--ray",
  ])("%s is refused: structs are for .projenrc.ts", (flag) => {
    expect(issuesOf([flag])).toMatchObject([
      { path: flag.split("=")[0], fix: expect.stringContaining(".projenrc.ts") },
    ]);
  });

  test("is checked together with the options", () => {
    const read = () =>
      resolveOptions({ name: "Bad" }, { argv: argv("--typo-typo"), env: { PROJEN_CREATE_PROJECT: "true" } });
    expect(read).toThrow(/2 options are wrong; nothing was written[\s\S]*--typo-typo[\s\S]*name = "Bad"/);
  });

  test("is nobody's business afterwards", () => {
    expect(issuesOf(["--xyzzyxyzzy"], {})).toEqual([]);
  });
});

describe("what the command line's parser does to values", () => {
  const values = (options: object, flags: string[], directory = "/home/x/platform") =>
    commandLineValues(options, argv(...flags), STRUCT, directory) as Partial<RayPlatformProjectOptions>;

  test.each([
    [
      "an account id",
      { awsAccountId: 111122223333 },
      ["--aws-account-id", "111122223333"],
      { awsAccountId: "111122223333" },
    ],
    [
      "an account id that starts with 0",
      { awsAccountId: 12345678901 },
      ["--aws-account-id=012345678901"],
      { awsAccountId: "012345678901" },
    ],
    [
      "a version that ends in 0",
      { kubernetesVersion: 1.3 },
      ["--kubernetesVersion", "1.30"],
      { kubernetesVersion: "1.30" },
    ],
    [
      "an id",
      { githubOwnerId: 1e21 },
      ["--github-owner-id", "1000000000000000000000"],
      { githubOwnerId: "1000000000000000000000" },
    ],
    [
      "names in a list",
      { environmentNames: ["dev", 2] },
      ["--environment-names", "dev", "002"],
      { environmentNames: ["dev", "002"] },
    ],
    [
      "names in a list, one by one",
      { environmentNames: [1, 2] },
      ["--environment-names=01", "--environment-names", "02"],
      { environmentNames: ["01", "02"] },
    ],
    ["a number from elsewhere", { awsAccountId: 111122223333 }, [], { awsAccountId: "111122223333" }],
  ])("is undone for %s", (_title, parsed, flags, expected) => {
    expect(values(parsed, flags)).toEqual(expected);
  });

  test("leaves everything else alone", () => {
    const options = { name: "platform", monitoring: true, accelerator: "g5", devDeps: ["x@file:/tmp/x.tgz"] };
    expect(values(options, [])).toEqual(options);
  });

  test.each([
    ["My Platform", "my-platform"],
    ["tmp.AbC123", "tmp-abc123"],
    ["2026_ray", "ray"],
    ["--", "ray-platform"],
    ["ünïcode", "n-code"],
    ["a".repeat(40), "a".repeat(30)],
    [`${"a".repeat(29)}-bbb`, "a".repeat(29)],
  ])("the directory %s gives the project the name %s", (directory, expected) => {
    const { name } = values({ name: directory }, [], `/home/x/${directory}`);
    expect(name).toBe(expected);
    expect(() => resolveOptions({ name: name as string }, { argv: [], env: {} })).not.toThrow();
  });

  test("a name that was typed is not changed but refused", () => {
    expect(values({ name: "My Platform" }, ["--name", "My Platform"], "/home/x/My Platform").name).toBe("My Platform");
  });
});
