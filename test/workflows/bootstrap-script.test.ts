// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LOCAL = "terraform.dev-bootstrap.tfstate";

interface Account {
  /** What AWS answers to `head-bucket` and `head-object`; default: that neither is there. */
  readonly bucket?: "there" | "absent" | "forbidden";
  readonly state?: "there" | "absent";
  /** Whether a state lies at the root of the repository. */
  readonly local?: boolean;
  /** Terraform command that fails. */
  readonly failing?: string;
}

function bootstrap(account: Account, ...args: string[]) {
  const directory = mkdtempSync(join(tmpdir(), "bootstrap-script-"));
  const stack = join(directory, "cdktf.out", "stacks", "dev-bootstrap");
  mkdirSync(stack, { recursive: true });
  mkdirSync(join(directory, "bin"));
  const s3 = { bucket: "the-bucket", key: "_bootstrap/dev.tfstate", region: "eu-west-1" };
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ terraform: { backend: { s3 } } }));
  cpSync(join(__dirname, "..", "..", "templates", "scripts"), join(directory, "scripts"), { recursive: true });
  if (account.local) {
    writeFileSync(join(directory, LOCAL), "old");
  }
  const program = (name: string, body: string) =>
    writeFileSync(join(directory, "bin", name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
  const answer = (kind: string) =>
    ({
      there: "exit 0",
      absent: `echo "An error occurred (404) when calling the ${kind} operation: Not Found" >&2; exit 254`,
      forbidden: `echo "An error occurred (403) when calling the ${kind} operation: Forbidden" >&2; exit 254`,
    }) as const;
  program(
    "aws",
    `echo "aws $2" >> calls
case "$2" in
  head-bucket) ${answer("HeadBucket")[account.bucket ?? "absent"]} ;;
  head-object) ${answer("HeadObject")[account.state ?? "absent"]} ;;
esac`,
  );
  // With the override the state is the local file, which an apply writes.
  program(
    "terraform",
    `where=s3; [[ -f cdktf.out/stacks/dev-bootstrap/backend_override.tf.json ]] && where=local
echo "$2 $where" >> calls
[[ "$2" == "${account.failing ?? "none"}" ]] && exit 1
[[ "$2" == apply && "$where" == local ]] && echo new > ${LOCAL}
[[ "$2" == state ]] && echo pulled
[[ "$2" == show ]] && echo '{}'
exit 0`,
  );
  program("npx", 'echo "$2" >> calls');
  const { status, stderr } = spawnSync("bash", ["scripts/bootstrap.sh", "dev", ...args], {
    cwd: directory,
    encoding: "utf8",
    env: { ...process.env, PATH: `${join(directory, "bin")}:${process.env.PATH}` },
  });
  const local = join(directory, LOCAL);
  return {
    status,
    stderr,
    calls: readFileSync(join(directory, "calls"), "utf8").trim().split("\n"),
    local: existsSync(local) ? readFileSync(local, "utf8").trim() : undefined,
    overridden: existsSync(join(stack, "backend_override.tf.json")),
  };
}

const BY_FILE = ["init local", "plan local", "show local", "policy", "apply local", "init s3"];
const BY_BUCKET = ["init s3", "plan s3", "show s3", "policy", "apply s3"];

test.each<[string, Account, string[]]>([
  ["the first time", {}, ["aws head-bucket", ...BY_FILE]],
  ["after a first time that died", { local: true }, ["aws head-bucket", ...BY_FILE]],
  [
    "when the bucket is there and the state was not moved",
    { bucket: "there", local: true },
    ["aws head-bucket", "aws head-object", ...BY_FILE],
  ],
  ["ever after", { bucket: "there", state: "there" }, ["aws head-bucket", "aws head-object", ...BY_BUCKET]],
])("%s the state ends in the bucket", (_, account, calls) => {
  expect(bootstrap(account)).toEqual({ status: 0, stderr: "", calls, local: undefined, overridden: false });
});

test.each<[string, Account, string]>([
  ["there are two states", { bucket: "there", state: "there", local: true }, "there are two states"],
  ["the state of what exists is missing", { bucket: "there" }, "fetch terraform.dev-bootstrap.tfstate"],
  ["AWS does not say whether the bucket exists", { bucket: "forbidden" }, "(403)"],
])("nothing is planned if %s", (_, account, message) => {
  const { status, stderr, calls } = bootstrap(account);
  expect(status).toBe(1);
  expect(stderr).toContain(message);
  expect(calls.filter((call) => !call.startsWith("aws"))).toEqual([]);
});

test("a state that the bucket did not take stays", () => {
  const { status, local, overridden } = bootstrap({ failing: "apply", local: true });
  expect([status, local, overridden]).toEqual([1, "old", false]);
});

test("a plan that fails is not applied", () => {
  const { status, calls } = bootstrap({ bucket: "there", state: "there", failing: "plan" });
  expect(status).toBe(1);
  expect(calls).not.toContain("apply s3");
});

test("before it is destroyed, the state leaves the bucket", () => {
  const { status, calls, local } = bootstrap({ bucket: "there", state: "there" }, "destroy");
  expect([status, local]).toEqual([0, "pulled"]);
  expect(calls.slice(2)).toEqual(["init s3", "state s3", "aws delete-object", "init local", "destroy local"]);
});

test("a destruction that stopped goes on from the file", () => {
  const { status, calls } = bootstrap({ bucket: "there", local: true }, "destroy");
  expect([status, calls.slice(2)]).toEqual([0, ["init local", "destroy local"]]);
});
