// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mirrorName } from "../../templates/src/platform/workloads/images";
import { platform } from "./configs";

let repository: string;

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "ray-platform-mirror-"));
  cpSync(join(__dirname, "../../templates/scripts"), join(repository, "scripts"), { recursive: true });
});

afterEach(() => rmSync(repository, { recursive: true, force: true }));

/** Runs the script with stand-ins for aws and skopeo; `skopeo` is the body of its stand-in. */
function mirror(environment: string, skopeo: string) {
  mkdirSync(join(repository, "src", "platform"), { recursive: true });
  writeFileSync(join(repository, "src", "platform", "platform.json"), JSON.stringify(platform()));
  mkdirSync(join(repository, "bin"));
  const stand = (name: string, body: string) =>
    writeFileSync(join(repository, "bin", name), `#!/usr/bin/env bash\n${body}\n`, { mode: 0o755 });
  stand("aws", 'case "$1" in sts) echo 111122223333 ;; ecr) echo password ;; esac');
  stand("skopeo", `echo "$*" >> calls\n[ "$1" = login ] && cat > password\n${skopeo}`);
  const { status, stderr } = spawnSync("bash", ["scripts/mirror-images.sh", environment], {
    cwd: repository,
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(repository, "bin")}:${process.env.PATH}` },
  });
  return { status, stderr };
}

const calls = (): string[] => readFileSync(join(repository, "calls"), "utf8").trim().split("\n");

test("what is not in the mirror is copied there, with its digest, at the path that the stacks pull from", () => {
  expect(mirror("dev", '[ "$1" != inspect ]').status).toBe(0);
  const [environment] = platform().environments;
  const { list, repositoryPrefix } = environment!.images;
  const host = `111122223333.dkr.ecr.${environment!.region}.amazonaws.com`;
  const copied = calls()
    .filter((call) => call.startsWith("copy "))
    .map((call) => call.split(" ").slice(-2));
  expect(copied).toEqual(
    list.map((image) => [
      `docker://${image.repository}:${image.tag}`,
      `docker://${host}/${repositoryPrefix}/${mirrorName(image)}:${image.tag}`,
    ]),
  );
  expect(
    calls()
      .filter((call) => call.startsWith("copy "))
      .every((call) => call.includes("--all --preserve-digests")),
  ).toBe(true);
});

test("what is there is left alone", () => {
  expect(mirror("dev", "exit 0").status).toBe(0);
  expect(calls().filter((call) => call.startsWith("copy "))).toEqual([]);
});

test("an image that cannot be copied fails the run, after the others were tried", () => {
  const { status, stderr } = mirror("dev", '[ "$1" = login ] || { [ "$1" = copy ] && [[ "$*" != *kuberay* ]]; }');
  expect(status).toBe(1);
  expect(stderr).toMatch(/failed {4}quay\.io\/kuberay\/operator/);
  expect(calls().filter((call) => call.startsWith("copy ")).length).toBe(
    platform().environments[0]!.images.list.length,
  );
});

test("the password goes by standard input, never by an argument", () => {
  mirror("dev", "exit 0");
  expect(calls().some((call) => call.includes("password") && !call.includes("--password-stdin"))).toBe(false);
  expect(readFileSync(join(repository, "password"), "utf8").trim()).toBe("password");
});

test("an unknown environment is refused and the known ones are named", () => {
  const { status, stderr } = mirror("prod", "exit 0");
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/environments are dev/);
});
