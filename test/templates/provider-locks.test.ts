// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Project } from "projen/lib/project";
import { addProviderLocks } from "../../src/components/provider-locks";
import { BlockText } from "../../src/sync/files/block-text";
import { manifestEntry } from "./manifest-entry";

const ROOT = join(__dirname, "..", "..");
const SCRIPTS = join(ROOT, "templates", "scripts");
const LOCK = ".terraform.lock.hcl";
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];

const { providers: KNOWN } = JSON.parse(readFileSync(join(ROOT, "data", "provider-locks.json"), "utf8")) as {
  providers: {
    address: string;
    version: string;
    sources?: readonly string[];
    hashes?: readonly string[];
    missing?: string;
  }[];
};

/** The version that the bindings of a provider are made of. */
function boundVersion(name: string): string {
  const text = readFileSync(join(ROOT, "node_modules", "@cdktf", `provider-${name}`, "lib/provider/index.js"), "utf8");
  return /providerVersion: '([^']+)'/.exec(text)?.[1] as string;
}

describe("what is known of the providers", () => {
  it("is of the versions that the bindings are made of, in both registries", () => {
    const bound = REGISTRIES.flatMap((registry) =>
      ["aws", "helm"].map((name) => `${registry}/hashicorp/${name} ${boundVersion(name)}`),
    );
    expect(KNOWN.map(({ address, version }) => `${address} ${version}`)).toEqual(bound);
  });

  it.each(KNOWN)("has two sources, of different owners, or a reason, for $address", ({ sources, hashes, missing }) => {
    if (missing !== undefined) {
      expect([sources, hashes]).toEqual([undefined, undefined]);
      return;
    }
    const owners = (sources ?? []).map(
      (source) => /^([\w.-]+)\/[\w.-]+@[0-9a-f]{40}:\S+\.terraform\.lock\.hcl$/.exec(source)?.[1],
    );
    expect(new Set(owners.filter(Boolean)).size).toBeGreaterThanOrEqual(2);
  });

  it.each(KNOWN.filter(({ hashes }) => hashes))("covers every platform of $address", ({ hashes = [] }) => {
    const archives = hashes.filter((hash) => /^zh:[0-9a-f]{64}$/.test(hash));
    const packages = hashes.filter((hash) => /^h1:[A-Za-z0-9+/]{43}=$/.test(hash));
    expect(archives.length + packages.length).toBe(new Set(hashes).size);
    // Beside its archives a release has a manifest. Without an h1 of the platform a stack is initialized and not planned.
    expect(packages).toHaveLength(archives.length - 1);
  });
});

/** The lock file of a new repository. */
function generatedLock(): string {
  const outdir = mkdtempSync(join(tmpdir(), "provider-locks-"));
  const project = new Project({ name: "locks", outdir });
  addProviderLocks(project);
  for (const component of project.components) {
    component.synthesize();
  }
  return readFileSync(join(outdir, LOCK), "utf8");
}

const AWS = "registry.terraform.io/hashicorp/aws";
const HELM = "registry.terraform.io/hashicorp/helm";

function entry(address: string, version: string, hash = "h1:x="): string {
  return `provider "${address}" {\n  version     = "${version}"\n  constraints = "${version}"\n  hashes = [\n    "${hash}",\n  ]\n}\n`;
}

type Required = Readonly<Record<string, object>>;

/** A repository with stacks, and a program that stands in for Terraform: it says how it was called, and locks what it is asked to. */
class Repository {
  readonly directory = mkdtempSync(join(tmpdir(), "provider-locks-"));

  constructor(stacks: Readonly<Record<string, Required>>, lock?: string) {
    cpSync(SCRIPTS, join(this.directory, "scripts"), { recursive: true });
    const described = Object.keys(stacks).map((name) => [name, manifestEntry(name)]);
    this.write("cdktf.out/manifest.json", JSON.stringify({ stacks: Object.fromEntries(described) }));
    for (const [name, document] of Object.entries(stacks)) {
      this.require(name, document);
    }
    if (lock !== undefined) {
      this.write(LOCK, lock);
    }
    for (const program of ["terraform", "tofu"]) {
      this.write(
        `bin/${program}`,
        `#!${process.execPath}
const fs = require("node:fs");
fs.appendFileSync(${JSON.stringify(join(this.directory, "calls"))}, "${program} " + process.argv.slice(2).join(" ") + "\\n");
if (process.env.FAILS) process.exit(3);
if (process.argv[2] === "providers") {
  const { terraform } = JSON.parse(fs.readFileSync("providers.tf.json", "utf8"));
  const entry = ${entry.toString()};
  fs.writeFileSync("${LOCK}", "# by a program\\n\\n" + Object.values(terraform.required_providers).map(({ source, version }) => entry(source, version, "h1:y=")).join("\\n"));
}
`,
      );
    }
  }

  require(stack: string, required: Required, rest: object = {}): void {
    const document = { terraform: { required_providers: required }, ...rest };
    this.write(`cdktf.out/stacks/${stack}/cdk.tf.json`, JSON.stringify(document));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true });
    writeFileSync(join(this.directory, path), text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }

  read(path: string): string | undefined {
    const file = join(this.directory, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  lockOf(stack: string): string[] {
    const text = this.read(`cdktf.out/stacks/${stack}/${LOCK}`) ?? "";
    return [...text.matchAll(/^provider "(.*)"/gm)].map(([, address]) => address as string);
  }

  run(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    const { GITHUB_ACTIONS: _, TF: __, ...own } = process.env;
    return spawnSync(process.execPath, [join("scripts", script), ...args], {
      cwd: this.directory,
      encoding: "utf8",
      env: { ...own, PATH: `${join(this.directory, "bin")}:${process.env.PATH}`, ...env },
    });
  }

  get calls(): string {
    return this.read("calls") ?? "";
  }
}

const aws = { source: "aws", version: "6.25.0" };
const helm = { source: "hashicorp/helm", version: "3.1.1" };

describe("the copy for a stack", () => {
  it("has what the stack requires, and no other, from a new repository's lock", () => {
    const repository = new Repository(
      { "dev-network": { aws }, "dev-workloads": { aws, helm }, "dev-none": {} },
      generatedLock(),
    );
    expect(repository.run("copy-provider-locks.mjs").stderr).toBe("");
    expect(["dev-network", "dev-workloads", "dev-none"].map((stack) => repository.lockOf(stack))).toEqual([
      [AWS],
      [AWS],
      [],
    ]);
    const { hashes = [] } = KNOWN.find(({ address }) => address === AWS) ?? {};
    const copy = repository.read(`cdktf.out/stacks/dev-network/${LOCK}`);
    expect(hashes.filter((hash) => !copy?.includes(`    "${hash}",\n`))).toEqual([]);
  });

  it("leaves an entry of another version out, and one of another registry", () => {
    const lock = entry(AWS, "6.24.0") + entry("registry.opentofu.org/hashicorp/aws", "6.25.0") + entry(HELM, "3.1.1");
    const repository = new Repository({ "dev-workloads": { aws, helm } }, lock);
    repository.run("copy-provider-locks.mjs");
    expect(repository.lockOf("dev-workloads")).toEqual([HELM]);
  });

  it("takes the place of an earlier copy", () => {
    const repository = new Repository({ "dev-network": { aws } }, entry(AWS, "6.25.0"));
    repository.run("copy-provider-locks.mjs");
    repository.write(LOCK, "# empty\n");
    repository.run("copy-provider-locks.mjs");
    expect(repository.lockOf("dev-network")).toEqual([]);
  });

  it.each([
    ["conflict markers", `<<<<<<< yours\n${entry(AWS, "6.25.0")}=======\n>>>>>>> theirs\n`],
    ["an entry that cannot be read", `provider "${AWS}" { version = "6.25.0" }\n`],
  ])("fails for %s", (_, lock) => {
    const { status, stderr } = new Repository({ "dev-network": { aws } }, lock).run("copy-provider-locks.mjs");
    expect([status, stderr]).toEqual([1, expect.stringContaining(`copy-provider-locks.mjs: ${LOCK} has `)]);
  });
});

describe("init", () => {
  const init = (repository: Repository, env: Readonly<Record<string, string>> = {}) =>
    repository.run("init-stack.mjs", ["dev-workloads", "-no-color"], env);
  const READ_ONLY = "-chdir=cdktf.out/stacks/dev-workloads init -lockfile=readonly -input=false -no-color";
  const OPEN = "-chdir=cdktf.out/stacks/dev-workloads init -input=false -no-color";

  it.each(["terraform", "tofu"])("is held to the lock by %s where it pins all", (program) => {
    const lock = REGISTRIES.map((registry) => entry(`${registry}/hashicorp/aws`, "6.25.0")).join("\n");
    const repository = new Repository({ "dev-workloads": { aws } }, lock);
    const { stderr } = init(repository, { TF: program });
    expect([repository.calls, stderr]).toEqual([`${program} ${READ_ONLY}\n`, ""]);
    expect(repository.lockOf("dev-workloads")).toEqual([`${REGISTRIES[program === "tofu" ? 1 : 0]}/hashicorp/aws`]);
  });

  it("names what it does not pin, and does not stop a team for it", () => {
    const repository = new Repository({ "dev-workloads": { aws, helm } }, entry(AWS, "6.25.0"));
    const { status, stderr } = init(repository, { GITHUB_ACTIONS: "true" });
    expect([status, repository.calls]).toEqual([0, `terraform ${OPEN}\n`]);
    expect(stderr).toBe(
      `::warning::dev-workloads installs what ${LOCK} does not pin: ${HELM} 3.1.1. Run: node scripts/lock-providers.mjs\n`,
    );
  });

  it("leaves room for what modules require", () => {
    const repository = new Repository({ "dev-workloads": { aws } }, entry(AWS, "6.25.0"));
    repository.require("dev-workloads", { aws }, { module: { own: { source: "./own" } } });
    init(repository);
    expect(repository.calls).toBe(`terraform ${OPEN}\n`);
  });

  it("ends as the program does, and with 2 for a stack that is not there", () => {
    const repository = new Repository({ "dev-workloads": {} });
    expect(init(repository, { FAILS: "1" }).status).toBe(3);
    expect(repository.run("init-stack.mjs", ["dev-other"]).status).toBe(2);
  });

  it("is called by scripts, workflows and guides in no other way", () => {
    const files = [
      ["templates/scripts", /./],
      ["templates/docs", /./],
      ["workflows", /\.yml$/],
    ] as const;
    const texts = files.flatMap(([directory, names]) =>
      readdirSync(join(ROOT, directory), { withFileTypes: true })
        .filter((file) => file.isFile() && names.test(file.name))
        .map(({ name }) => [name, readFileSync(join(ROOT, directory, name), "utf8")] as const),
    );
    const direct = /(?:\bterraform|\btofu|"\$(?:TF|tf)"|\brun)(?: -chdir=\S+)? init\b/;
    expect(texts.filter(([, text]) => direct.test(text)).map(([name]) => name)).toEqual([]);
  });
});

describe("lock-providers", () => {
  const lock = (repository: Repository, ...args: string[]) => repository.run("lock-providers.mjs", args);

  it("adds what is not pinned beside the generated block, which a regeneration leaves there", () => {
    const repository = new Repository({ "dev-network": { aws }, "dev-workloads": { aws, helm } }, generatedLock());
    expect(lock(repository, "--platform", "linux_amd64").status).toBe(0);
    expect(repository.calls).toBe("terraform providers lock -platform=linux_amd64\n");
    expect(lock(repository, "--check").status).toBe(0);

    const text = new BlockText(LOCK);
    const edited = Buffer.from(repository.read(LOCK) as string);
    const regenerated = text.put(edited, Buffer.from(entry(AWS, "6.26.0")), "start");
    expect(regenerated.toString()).toContain(entry(HELM, "3.1.1", "h1:y="));
    expect(text.find(edited)).toEqual({ ...text.find(Buffer.from(generatedLock())) });
  });

  it("replaces what an update left behind, and keeps the other registry's", () => {
    const tofu = entry("registry.opentofu.org/hashicorp/helm", "3.1.0");
    const repository = new Repository(
      { "dev-workloads": { aws, helm } },
      `# ours\n${entry(AWS, "6.25.0")}\n${entry(HELM, "3.1.0")}\n${tofu}`,
    );
    lock(repository);
    expect(repository.read(LOCK)).toBe(`# ours\n${entry(AWS, "6.25.0")}\n\n${tofu}\n${entry(HELM, "3.1.1", "h1:y=")}`);
  });

  it("asks the registry of OpenTofu for tofu", () => {
    const repository = new Repository({ "dev-network": { aws } }, entry(AWS, "6.25.0"));
    expect(lock(repository, "--program", "tofu").status).toBe(0);
    expect(repository.read(LOCK)).toBe(
      `${entry(AWS, "6.25.0")}\n${entry("registry.opentofu.org/hashicorp/aws", "6.25.0", "h1:y=")}`,
    );
  });

  it("names what is not pinned with --check, and writes nothing", () => {
    const repository = new Repository({ "dev-network": { aws } });
    const { status, stderr } = lock(repository, "--check");
    expect([status, stderr, repository.read(LOCK), repository.calls]).toEqual([
      1,
      `${AWS} 6.25.0 is not pinned by ${LOCK}\n`,
      undefined,
      "",
    ]);
  });

  it("writes nothing when the program fails", () => {
    const repository = new Repository({ "dev-network": { aws } }, "# ours\n");
    const { status, stderr } = repository.run("lock-providers.mjs", [], { FAILS: "1" });
    expect([status, stderr, repository.read(LOCK)]).toEqual([
      1,
      expect.stringContaining("nothing was written"),
      "# ours\n",
    ]);
  });
});
