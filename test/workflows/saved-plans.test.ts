// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { change, COMMIT, plan, PlanRepository, TERRAFORM, type World } from "./plan-repository";

const CREATES = plan(change("aws_x.new", ["create"], { size: 1 }));
const digestIn = (name: string): string => name.split(":")[1] as string;
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("what is saved", () => {
  test("the plans, then the manifest, and last the name of the newest", () => {
    const repository = new PlanRepository();
    const digest = digestIn(repository.save());
    expect(readFileSync(repository.path("puts"), "utf8").trim().split("\n")).toEqual([
      `_plans/prod/${digest}/prod-network.tfplan`,
      `_plans/prod/${digest}/prod-cluster.tfplan`,
      `_plans/prod/${digest}/manifest.json`,
      "_plans/prod/latest.json",
    ]);
  });

  test("the digest is that of the manifest's bytes", () => {
    const repository = new PlanRepository();
    const digest = digestIn(repository.save());
    expect(sha256(readFileSync(repository.stored(digest, "manifest.json"), "utf8"))).toBe(digest);
  });

  test("GitHub is told the plan", () => {
    const repository = new PlanRepository();
    const name = repository.save();
    expect(readFileSync(repository.path("output"), "utf8")).toBe(`plan=${name}\ndigest=${digestIn(name)}\n`);
  });

  test.each([
    ["prod", true],
    ["dev", false],
  ] as const)("the summary of %s says how its plan is applied, if a person must", (environment, waits) => {
    const repository = new PlanRepository({ environment });
    const name = repository.save({ GITHUB_STEP_SUMMARY: "summary" });
    const summary = readFileSync(repository.path("summary"), "utf8");
    expect(summary).toContain(`The plan of \`${environment}\` is \`${name}\`.`);
    expect(summary.includes(`gh workflow run terraform-apply.yml --field plan=${name}`)).toBe(waits);
  });

  test("nothing of a plan that the policies deny", () => {
    const repository = new PlanRepository();
    repository.write("denied", "");
    const { status } = repository.run(["bash", "scripts/terraform-plan.sh", "summaries"], { SAVE_PLANS: "true" });
    expect([status, existsSync(repository.path("store"))]).toEqual([1, false]);
  });

  test("nothing where nobody asked, as on a pull request", () => {
    const repository = new PlanRepository();
    const { status } = repository.run(["bash", "scripts/terraform-plan.sh", "summaries"]);
    expect([status, existsSync(repository.path("store"))]).toEqual([0, false]);
  });

  test("a link in the place of a plan is not followed", () => {
    const repository = new PlanRepository();
    mkdirSync(repository.path("plans"));
    repository.write("plans/prod-network.json", '{"lineage":"","serial":0,"reads":{}}');
    symlinkSync("/etc/hostname", repository.path("plans", "prod-network.tfplan"));
    const { status, said } = repository.run(["node", "scripts/plan-store.mjs", "save", "plans"], { STACKS: "network" });
    expect([status, said]).toEqual([1, expect.stringContaining("is not a regular file")]);
  });
});

describe("roles of a bootstrap stack of an earlier version cannot save plans", () => {
  const save = (repository: PlanRepository, more: Record<string, string> = {}) =>
    repository.run(["bash", "scripts/terraform-plan.sh", "summaries"], {
      SAVE_PLANS: "true",
      GITHUB_STEP_SUMMARY: "summary",
      ...more,
    });
  const earlier = (world: World = {}): PlanRepository => {
    const repository = new PlanRepository(world);
    repository.write("denied-put", "AccessDenied");
    repository.write("bootstrap", "NoSuchEntity");
    repository.plan("network", CREATES);
    return repository;
  };

  test("so nothing is saved, with a warning that names the remedy", () => {
    const repository = earlier();
    const { status, stdout } = save(repository);
    expect([status, readFileSync(repository.path("output"), "utf8")]).toEqual([0, "unsaved=true\n"]);
    expect(stdout).toContain("::warning title=Bootstrap again::The bootstrap stack of prod is of an earlier version");
    expect(readFileSync(repository.path("summary"), "utf8")).toContain("runs scripts/bootstrap.sh for it again");
  });

  test("and the job after saves nothing either", () => {
    const repository = new PlanRepository();
    expect(save(repository, { AFTER: "", STACKS: "workloads" }).status).toBe(0);
    expect(readFileSync(repository.path("output"), "utf8")).toBe("unsaved=true\n");
    expect(existsSync(repository.path("store"))).toBe(false);
  });

  test.each(["dev", "prod"] as const)("and %s is deployed as before", (environment) => {
    const { status, applied, stdout } = earlier({ environment }).apply("", { STACKS: "network" });
    expect([status, applied]).toEqual([0, [`${environment}-network ${JSON.stringify(CREATES)}`]]);
    expect(stdout.includes("::warning title=Bootstrap again")).toBe(environment === "prod");
  });

  test.each([
    ["the role may save, and AWS refuses all the same", "AccessDenied", undefined],
    ["nobody can see whether it may", "AccessDenied", "AccessDenied"],
    ["AWS fails", "InternalError", "NoSuchEntity"],
  ])("if %s, the run fails with AWS's words", (_, put, role) => {
    const repository = earlier();
    repository.write("denied-put", put);
    if (role === undefined) {
      rmSync(repository.path("bootstrap"));
    } else {
      repository.write("bootstrap", role);
    }
    const { status, stderr } = save(repository);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^plan-store\.mjs: An error occurred \(.*\n$/)]);
  });

  test("production is not deployed without a plan if nobody can see what its roles may", () => {
    const repository = earlier();
    repository.write("bootstrap", "AccessDenied");
    const { status, applied } = repository.apply("");
    expect([status, applied]).toEqual([1, []]);
  });
});

describe("what is approved is applied", () => {
  test("exactly the plan that was saved, though Terraform would plan something else now", () => {
    const repository = new PlanRepository();
    repository.plan("network", CREATES);
    const name = repository.save();
    repository.plan("network", plan(change("aws_x.other", ["create"])));
    const { status, applied, said } = repository.apply(name, { STACKS: "network" });
    expect([status, applied, said]).toEqual([0, [`prod-network ${JSON.stringify(CREATES)}`], said]);
  });

  test("two jobs chain their plans: the digest of the second covers both", () => {
    const repository = new PlanRepository();
    repository.plan("cluster", CREATES);
    repository.plan("workloads", plan(change("aws_x.release", ["create"])));
    const first = digestIn(repository.save({ LATER_STACKS: "workloads" }));
    expect(existsSync(repository.stored("latest.json"))).toBe(false);
    const name = repository.save({ STACKS: "workloads", AFTER: first });
    const hosted = repository.apply(name, { LATER_STACKS: "workloads" });
    expect([hosted.status, hosted.applied.map((line) => line.split(" ")[0])]).toEqual([0, ["prod-cluster"]]);
    const own = repository.apply(name, { STACKS: "workloads" });
    expect([own.status, own.applied.map((line) => line.split(" ")[0])]).toEqual([0, ["prod-workloads"]]);
  });

  const grown = { serial: 5, outputs: { id: { value: "another" } } };

  test("a plan that is not current is made again, and applied if it does nothing else", () => {
    const repository = new PlanRepository();
    repository.plan("cluster", CREATES);
    const name = repository.save();
    repository.state("network", grown);
    const { status, applied, stdout } = repository.apply(name);
    expect([status, applied.length]).toEqual([0, 1]);
    expect(stdout).toContain("The plan of prod-cluster is made again: outputs that it reads changed: prod-network.");
  });

  const OUTDATED: readonly (readonly [string, (repository: PlanRepository) => void, string])[] = [
    ["its state has an older serial", (one) => one.state("network", { serial: 3 }), "from serial 4 to 3"],
    ["its state has a newer serial", (one) => one.state("network", { serial: 5 }), "from serial 4 to 5"],
    [
      "its state has another lineage",
      (one) => one.state("network", { serial: 4, lineage: "9-9" }),
      "its state is another one",
    ],
    ["its state is gone", (one) => one.state("network", undefined), "its state is another one"],
  ];
  test.each(OUTDATED)(
    "if %s, the plan is made again, and not applied in production if it does more",
    (_, happens, said) => {
      const repository = new PlanRepository();
      repository.plan("network", CREATES);
      const name = repository.save();
      happens(repository);
      repository.plan("network", plan(change("aws_x.new", ["create"], { size: 1 }), change("aws_x.old", ["delete"])));
      const { status, applied, stdout, stderr } = repository.apply(name, { STACKS: "network" });
      expect([status, applied]).toEqual([1, []]);
      expect(stdout).toContain(said);
      expect(stderr).toContain("it would do what was not approved: delete aws_x.old");
    },
  );

  test("elsewhere than in production the policies' word is enough", () => {
    const repository = new PlanRepository({ environment: "dev" });
    const name = repository.save();
    repository.state("network", { serial: 5 });
    repository.plan("network", CREATES);
    const { status, applied, stdout } = repository.apply(name, { STACKS: "network" });
    expect([status, applied.length]).toEqual([0, 1]);
    expect(stdout).toContain("::notice::The new plan of dev-network does more than the first: create aws_x.new");
  });

  test("the policies judge an approved plan too", () => {
    const repository = new PlanRepository();
    repository.plan("network", CREATES);
    const name = repository.save();
    repository.write("denied", "");
    expect(repository.apply(name).applied).toEqual([]);
  });

  test("growing and shrinking stay within what was approved", () => {
    const repository = new PlanRepository();
    const whole = {
      ...plan(change("aws_subnet.a", ["delete"]), change("aws_subnet.c", ["create"])),
      configuration: { root_module: { resources: [{ address: "aws_subnet.c" }] } },
    };
    repository.plan("network", whole, plan(change("aws_subnet.c", ["create"])));
    repository.plan("cluster", CREATES);
    const name = repository.save();
    repository.state("network", { serial: 5 }, "next");
    const { applied } = repository.apply(name);
    expect(applied.map((line) => line.split(" ")[0])).toEqual(["prod-network", "prod-cluster", "prod-network"]);
  });

  test("of a stack that could not be planned yet nothing was approved", () => {
    const repository = new PlanRepository({ deployed: [] });
    repository.plan("network", CREATES);
    repository.plan("cluster", CREATES);
    const name = repository.save();
    repository.state("network", { serial: 1 }, "next");
    const { status, applied, stderr } = repository.apply(name);
    expect([status, applied.map((line) => line.split(" ")[0])]).toEqual([1, ["prod-network"]]);
    expect(stderr).toContain("In prod-cluster it would do what was not approved: create aws_x.new");
  });
});

describe("GitHub is told that the newest plan is spent", () => {
  const told = (repository: PlanRepository, name: string, more: Record<string, string> = {}) => {
    repository.apply(name, { GITHUB_OUTPUT: "told", STACKS: "network", ...more });
    return (
      existsSync(repository.path("told")) && readFileSync(repository.path("told"), "utf8").includes("taken=true\n")
    );
  };

  test.each<[string, boolean, (repository: PlanRepository) => Record<string, string> | undefined]>([
    ["it is applied", true, () => undefined],
    ["the policies deny it now", true, (one) => void one.write("denied", "")],
    ["Terraform fails half way", true, (one) => void one.write("bin/terraform", TERRAFORM.replace("exit 0", "exit 1"))],
    ["it is refused", false, () => ({ GITHUB_SHA: "b".repeat(40) })],
  ])("if %s: %s", (_, expected, happens) => {
    const repository = new PlanRepository();
    repository.plan("network", CREATES);
    const name = repository.save();
    expect(told(repository, name, happens(repository))).toBe(expected);
  });
});

describe("a plan is refused", () => {
  interface Attack {
    readonly name: string;
    readonly repository: PlanRepository;
    readonly manifest: string;
    readonly file: string;
  }
  /** Puts another manifest in the place where its own digest leads. */
  const reseal = ({ repository, manifest }: Attack, edit: (content: Record<string, any>) => void): string => {
    const content = JSON.parse(readFileSync(manifest, "utf8"));
    edit(content);
    const text = `${JSON.stringify(content, undefined, 2)}\n`;
    const digest = sha256(text);
    cpSync(dirname(manifest), repository.stored(digest), { recursive: true });
    writeFileSync(repository.stored(digest, "manifest.json"), text);
    point(repository, digest);
    return `prod:${digest}`;
  };
  const point = (repository: PlanRepository, digest: string, commit = COMMIT): void =>
    writeFileSync(repository.stored("latest.json"), JSON.stringify({ format: 1, digest, commit, run: "8" }));
  const link = (place: string): void => {
    rmSync(place);
    symlinkSync("/etc/hostname", place);
  };
  const edited = (edit: (content: Record<string, any>) => void) => (attack: Attack) => reseal(attack, edit);

  const ATTACKS: readonly (readonly [string, (attack: Attack) => unknown, string])[] = [
    [
      "whose file was swapped",
      ({ file }) => writeFileSync(file, "x".repeat(readFileSync(file).length)),
      "is not the one that was saved",
    ],
    ["whose file was cut off", ({ file }) => writeFileSync(file, readFileSync(file).subarray(1)), "bytes"],
    ["whose file has more", ({ file }) => writeFileSync(file, `${readFileSync(file)} `), "bytes"],
    ["whose file is a link", ({ file }) => link(file), "is not a regular file"],
    ["whose file is gone", ({ file }) => rmSync(file), "was never saved, or is older"],
    [
      "whose manifest was swapped",
      ({ manifest }) => writeFileSync(manifest, `${readFileSync(manifest)} `),
      "has another digest",
    ],
    [
      "whose manifest was cut off",
      ({ manifest }) => writeFileSync(manifest, readFileSync(manifest).subarray(0, 9)),
      "has another digest",
    ],
    ["whose manifest is a link", ({ manifest }) => link(manifest), "is not a regular file"],
    ["with a digest that nothing has", () => `prod:${"0".repeat(64)}`, "was never saved"],
    ["with a digest that is a path", () => "prod:../../prod/network.tfstate", "is not a plan"],
    ["with a digest in capitals", ({ name }) => name.toUpperCase().replace("PROD", "prod"), "is not a plan"],
    ["without an environment", ({ name }) => name.split(":")[1], "is not a plan"],
    [
      "with a command of the runner in its name",
      () => "::warning::x",
      'error::The plan is not applied. ": :warning::x"',
    ],
    ["that is named for another environment", ({ name }) => name.replace("prod", "dev"), 'of the environment "dev"'],
    ["of another environment", edited((content) => (content.environment = "dev")), 'of the environment "dev"'],
    ["of another commit", edited((content) => (content.commit = "b".repeat(40))), `of commit ${"b".repeat(40)}`],
    [
      "with a stack that nobody has",
      edited((content) => (content.stacks["prod-extra"] = content.stacks["prod-network"])),
      "prod-extra, which is not a stack",
    ],
    [
      "with the stack of an administrator",
      edited((content) => (content.stacks["prod-bootstrap"] = content.stacks["prod-network"])),
      "prod-bootstrap, which is not a stack",
    ],
    [
      "without a stack",
      edited((content) => delete content.stacks["prod-cluster"]),
      "It says nothing about prod-cluster",
    ],
    ["without stacks", edited((content) => (content.stacks = {})), "it has no stacks"],
    ["with a key that means nothing", edited((content) => (content.note = "x")), "the manifest has note"],
    ["of another format", edited((content) => (content.format = 2)), "its format is not 1"],
    [
      "whose stack has a path for a name",
      edited((content) => (content.stacks["../x"] = content.stacks["prod-network"])),
      "the name or the entry is invalid",
    ],
    ["whose chain ends in nothing", edited((content) => (content.after = "0".repeat(64))), "was never saved"],
    [
      "that comes after itself",
      (attack) => reseal(attack, (content) => Object.assign(content, { after: digestIn(attack.name) })),
      "It has two plans of prod-network",
    ],
    [
      "when a newer one of the commit waits",
      ({ repository }) => point(repository, "1".repeat(64)),
      "A newer plan of this commit waits",
    ],
    [
      "when it is superseded",
      ({ repository }) => point(repository, "1".repeat(64), "c".repeat(40)),
      `superseded by the plan of commit ${"c".repeat(40)}`,
    ],
    [
      "when nothing says which is the newest",
      ({ repository }) => rmSync(repository.stored("latest.json")),
      "was never saved",
    ],
    [
      "when what names the newest was cut off",
      ({ repository }) => writeFileSync(repository.stored("latest.json"), "{"),
      "it was replaced or cut off",
    ],
    [
      "when what names the newest is something else",
      ({ repository }) => writeFileSync(repository.stored("latest.json"), "{}"),
      "does not name the newest plan",
    ],
  ];

  const repository = new PlanRepository();
  let name: string;
  let digest: string;
  beforeAll(() => {
    repository.plan("network", CREATES);
    name = repository.save();
    digest = digestIn(name);
    cpSync(repository.path("store"), repository.path("pristine"), { recursive: true });
  });
  beforeEach(() => {
    for (const directory of ["store", "fetched"]) {
      rmSync(repository.path(directory), { recursive: true, force: true });
    }
    cpSync(repository.path("pristine"), repository.path("store"), { recursive: true });
  });

  test("not by itself", () => {
    const { status, said } = repository.fetch(name);
    expect([status, said]).toEqual([0, ""]);
  });

  test.each(ATTACKS)("%s", (_, attack, reason) => {
    const manifest = repository.stored(digest, "manifest.json");
    const file = repository.stored(digest, "prod-network.tfplan");
    const other = attack({ name, repository, manifest, file });
    const { status, stderr } = repository.fetch(typeof other === "string" ? other : name);
    expect([status, stderr]).toEqual([1, expect.stringContaining(reason)]);
    expect(stderr).toMatch(/^(::error::The plan is not applied\. .*\n)+$/);
    expect(existsSync(repository.path("fetched", "approved.json"))).toBe(false);
  });

  test("and nothing is applied then", () => {
    const { status, applied } = repository.apply(name, { GITHUB_SHA: "b".repeat(40) });
    expect([status, applied]).toEqual([1, []]);
  });

  test("production is not deployed without one", () => {
    const { status, applied, stderr } = repository.apply("");
    expect([status, applied]).toEqual([1, []]);
    expect(stderr).toContain("prod is a production environment");
  });

  test("with every reason at once", () => {
    point(repository, "1".repeat(64));
    const { stderr } = repository.fetch(name, { GITHUB_SHA: "b".repeat(40) });
    expect(stderr.trim().split("\n").length).toBe(2);
  });

  test("what AWS does not give is no refusal: its own words say why", () => {
    repository.write("bin/aws", '#!/bin/bash\necho "An error occurred (AccessDenied): no" >&2\nexit 254\n');
    const { status, stderr } = repository.fetch(name);
    expect([status, stderr]).toEqual([1, "plan-store.mjs: An error occurred (AccessDenied): no \n"]);
  });
});
