// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { loadImageDigests, withImageDigests } from "../../templates/src/platform/image-digests";
import { mirroredImage, mirrorName, rayImage, versionOf } from "../../templates/src/platform/workloads/images";
import { platform } from "./configs";

let repository: string;

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "ray-platform-mirror-"));
  cpSync(join(__dirname, "../../templates/scripts"), join(repository, "scripts"), { recursive: true });
});

afterEach(() => rmSync(repository, { recursive: true, force: true }));

/** Runs a script with stand-ins for aws and skopeo; `skopeo` is the body of its stand-in. */
function run(skopeo: string, program: string, ...args: string[]) {
  mkdirSync(join(repository, "src", "platform"), { recursive: true });
  writeFileSync(join(repository, "src", "platform", "platform.json"), JSON.stringify(platform()));
  mkdirSync(join(repository, "bin"), { recursive: true });
  const stand = (name: string, body: string) =>
    writeFileSync(join(repository, "bin", name), `#!/usr/bin/env bash\n${body}\n`, { mode: 0o755 });
  stand("aws", 'case "$1" in sts) echo 111122223333 ;; ecr) echo password ;; esac');
  stand("skopeo", `echo "$*" >> calls\n[ "$1" = login ] && cat > password\n${skopeo}`);
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: repository,
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(repository, "bin")}:${process.env.PATH}` },
  });
  return { status, stdout, stderr };
}

const mirror = (environment: string, skopeo: string) => run(skopeo, "bash", "scripts/mirror-images.sh", environment);
const lock = (skopeo: string, ...args: string[]) => run(skopeo, process.execPath, "scripts/lock-images.mjs", ...args);
const recorded = (): Record<string, string> => JSON.parse(readFileSync(join(repository, "image-digests.json"), "utf8"));
const record = (digests: object): void =>
  writeFileSync(join(repository, "image-digests.json"), JSON.stringify(digests));
const answered = (reference: string) =>
  `sha256:${createHash("sha256")
    .update(reference.split("/").at(-1) as string)
    .digest("hex")}`;
const references = () => platform().environments[0]!.images.list.map(({ repository: name, tag }) => `${name}:${tag}`);

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

describe("images by digest", () => {
  const KUBERAY = references().find((reference) => reference.includes("kuberay")) as string;
  const [NAME, TAG] = KUBERAY.split(/:(?=[^:]*$)/) as [string, string];
  const DIGEST = answered(KUBERAY);

  test("what registries answer is recorded, and what nothing runs any more goes", () => {
    record({ "quay.io/old/image:v1": DIGEST, [KUBERAY]: `sha256:${"7".repeat(64)}` });
    const { status, stdout } = lock('[ "$1" != inspect ] || printf %s "${3##*/}"');
    expect({ status, last: stdout.trim().split("\n").at(-1) }).toEqual({
      status: 0,
      last: "Commit image-digests.json.",
    });
    // What a person has committed stays.
    const expected = references().map((one) => [one, one === KUBERAY ? `sha256:${"7".repeat(64)}` : answered(one)]);
    expect(recorded()).toEqual(Object.fromEntries(expected));
    expect(lock("exit 1").status).toBe(0);
    expect(lock("exit 1", "--check")).toMatchObject({ status: 0, stderr: "" });
  });

  test("one that no registry answers for is named, and the others are recorded", () => {
    const { status, stderr } = lock('[[ "$*" != *kuberay* ]] || { echo "cannot reach it" >&2; exit 1; }; printf x');
    expect({ status, stderr }).toEqual({ status: 1, stderr: `failed    ${KUBERAY}: cannot reach it\n` });
    expect(Object.keys(recorded())).toHaveLength(references().length - 1);
    const check = lock("exit 0", "--check");
    expect(check).toMatchObject({ status: 1, stderr: `${KUBERAY} is pulled by its tag: no digest of it is known\n` });
    expect(check.stdout).toBe(`1 of ${references().length} images are known by their tag only\n`);
  });

  test("the mirror copies that content and no other", () => {
    record({ [KUBERAY]: DIGEST });
    expect(mirror("dev", '[ "$1" != inspect ]').status).toBe(0);
    const copied = calls().filter((call) => call.startsWith("copy "));
    expect(copied.find((call) => call.includes("kuberay"))).toMatch(`docker://${NAME}@${DIGEST} `);
    expect(copied.find((call) => call.includes("kuberay"))).toMatch(new RegExp(`/kuberay/operator:${TAG}$`));
  });

  test.each([
    ["it", DIGEST, 0, ""],
    ["another", `sha256:${"0".repeat(64)}`, 1, `not sha256:${"0".repeat(64)}: find out why`],
  ])("what the mirror has under its tag must be it: %s", (_title, digest, status, said) => {
    record({ [KUBERAY]: digest });
    const ended = mirror("dev", '[ "$1" != inspect ] || printf %s "${5##*/}"');
    expect(ended).toMatchObject({ status, stderr: expect.stringContaining(said) });
    expect(calls().filter((call) => call.startsWith("copy "))).toEqual([]);
  });

  test.each([
    ["no digest", { [KUBERAY]: "latest" }, /is "latest", not sha256:/],
    ["no object", [], /is not an object of digests by image/],
  ])("the stacks refuse a file with %s", (_title, content, said) => {
    record(content);
    expect(() => loadImageDigests(join(repository, "image-digests.json"))).toThrow(said);
  });

  test("the stacks refuse a digest that is not the one the package knows", () => {
    const known = withImageDigests(platform(), { [KUBERAY]: DIGEST }, "a");
    expect(() => withImageDigests(known, { [KUBERAY]: `sha256:${"0".repeat(64)}` }, "a")).toThrow(/ray-platform knows/);
    expect(withImageDigests(known, { [KUBERAY]: DIGEST }, "a")).toEqual(known);
  });

  test("charts pull it by digest, and what takes a version from a tag gets the tag", () => {
    const digests = Object.fromEntries(references().map((reference) => [reference, DIGEST]));
    const [environment] = withImageDigests(platform(), digests, "a").environments;
    const image = mirroredImage(environment!, "r.example.com/mirror", "kuberay-operator");
    expect(image).toEqual({
      registry: "r.example.com",
      repository: "mirror/kuberay/operator",
      tag: `${TAG}@${DIGEST}`,
    });
    expect(versionOf(image)).toBe(TAG);
    const ray = environment!.images.list.find(({ key }) => key === "ray");
    expect(rayImage(environment!, "r.example.com/mirror", `${ray?.repository}:${ray?.tag}`)).toMatch(
      new RegExp(`^r\\.example\\.com/mirror/.*:${ray?.tag}@${DIGEST}$`),
    );
  });
});
