// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";

const CHARTS = "data/charts.json";
const IMAGES = "data/images.json";
const EKS = "data/eks.json";
const PINS = "workflows/pins.json";
const DIGESTS = "data/image-digests.json";
const AUTOSCALER = "registry.k8s.io/autoscaling/cluster-autoscaler:v1.33.5";
/** Of the recorded manifests. */
const MANIFEST = `sha256:${createHash("sha256")
  .update('{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}')
  .digest("hex")}`;
const OTHER = `sha256:${"0".repeat(64)}`;
const TOOLCHAIN = "data/toolchain.json";

/** A value that a table has, and what the recorded answers make of it. */
interface Case {
  readonly reader: string;
  readonly file: string;
  readonly path: readonly string[];
  readonly from?: unknown;
  readonly to: unknown;
}

const reads = (reader: string, file: string, path: string[], from: unknown, to: unknown): Case => ({
  ...{ reader, file, path },
  ...{ from, to },
});

const CASES: readonly Case[] = [
  // A newer version of the line.
  reads("npm-packages", TOOLCHAIN, ["engines", "cdktf", "constructs"], "10.7.0", "10.7.2"),
  reads("npm-packages", TOOLCHAIN, ["engines", "cdktn", "constructs"], "10.7.0", "10.7.2"),
  reads("npm-packages", TOOLCHAIN, ["typescript"], "5.9.3", "5.9.3"),
  reads("npm-packages", TOOLCHAIN, ["engines", "cdktn", "cdktf"], "npm:cdktn@0.24.0", "npm:cdktn@0.24.0"),
  // The line ended.
  reads("node-releases", TOOLCHAIN, ["node"], "20", "26"),
  reads("node-releases", TOOLCHAIN, ["nodeMaintainedUntil"], "2026-04-30", "2029-04-30"),
  reads("workflow-actions", PINS, ["actions", "actions/checkout", "version"], "v7.0.1", "v7.99.0"),
  reads("workflow-actions", PINS, ["actions", "actions/checkout", "sha"], "a".repeat(40), "0123456789".repeat(4)),
  reads("workflow-actions", PINS, ["actions", "ossf/scorecard-action", "version"], "v2.4.4", "v2.4.4"),
  reads("workflow-programs", PINS, ["tools", "osv-scanner", "version"], "2.5.1", "2.6.0"),
  reads("workflow-programs", PINS, ["tools", "osv-scanner", "sha256"], "a".repeat(64), "0123456789abcdef".repeat(4)),
  reads("workflow-programs", PINS, ["tools", "zizmor", "version"], "1.29.0", "1.32.0"),
  reads("workflow-programs", PINS, ["tools", "checkov", "version"], "3.3.16", "3.3.30"),
  // Its line gets no fixes any more: the next one of the same major version is taken.
  reads("workflow-programs", PINS, ["tools", "terraform", "version"], "1.11.4", "1.15.8"),
  reads(
    "workflow-programs",
    PINS,
    ["tools", "terraform", "sha256"],
    "b".repeat(64),
    "81070f311e3bfa29054994941561f0d4dbc51bfa66a71bf097d31731849fbf8f",
  ),
  reads("verify-programs", "verify/tools.json", ["copier", "version"], "9.17.2", "9.19.1"),
  reads("helm-charts", CHARTS, ["charts", "kuberay-operator", "version"], "1.7.0", "1.99.0"),
  reads("helm-charts", IMAGES, ["images", "kuberay-operator", "tag"], "v1.7.0", "v1.99.0"),
  // A chart within a chart, whose tag is its appVersion.
  reads("helm-charts", IMAGES, ["images", "kube-state-metrics", "tag"], "v2.19.1", "v2.99.0"),
  reads("helm-charts", IMAGES, ["images", "velero-plugin-for-aws", "tag"], "v1.14.0", "v1.14.99"),
  reads("helm-charts", IMAGES, ["images", "fluent-bit", "tag"], "5.1.2", "5.1.99"),
  // A chart in a container registry.
  reads("helm-charts", CHARTS, ["charts", "aws-node-termination-handler", "version"], "0.27.6", "0.27.99"),
  reads("helm-charts", IMAGES, ["images", "aws-node-termination-handler", "tag"], "v1.25.6", "v1.25.99"),
  // A new major version is not taken.
  reads("helm-charts", CHARTS, ["charts", "kube-prometheus-stack", "version"], "88.5.3", "88.99.0"),
  reads("kubernetes-versions", EKS, ["kubernetesVersions", "1.36", "standardSupportEnds"], null, "2027-08-01"),
  reads(
    "kubernetes-versions",
    EKS,
    ["kubernetesVersions", "1.35", "addons", "vpc-cni", "version"],
    "v1.22.4-eksbuild.3",
    "v1.22.4-eksbuild.99",
  ),
  reads("kubernetes-versions", IMAGES, ["images", "cluster-autoscaler", "tag"], "v1.35.1", "v1.35.99"),
  // The content of the recorded manifest; one that is known stays, and its move is told.
  reads("image-digests", DIGESTS, ["digests", "quay.io/kuberay/operator:v1.7.0"], undefined, MANIFEST),
  reads(
    "image-digests",
    DIGESTS,
    ["digests"],
    { [AUTOSCALER]: OTHER },
    expect.objectContaining({ [AUTOSCALER]: OTHER }),
  ),
  reads("instance-types", "data/instance-types.json", ["types", "g5.xlarge", "vcpu"], 2, 4),
  reads("instance-types", "data/instance-types.json", ["types", "m6i.2xlarge", "maxPods"], 1, 58),
  reads("instance-prices", "data/instance-prices.json", ["usdAnHour", "m6i.2xlarge"], 0.384, 0.5),
  // A price is published of it from now on, and none of others any more, which stays.
  reads("instance-prices", "data/instance-prices.json", ["usdAnHour", "p5e.48xlarge"], undefined, 60),
  reads("instance-prices", "data/instance-prices.json", ["usdAnHour", "m5.large"], 0.096, 0.096),
  reads(
    "region-offers",
    "data/regions.json",
    ["regions", "ca-west-1", "zones"],
    ["ca-west-1z"],
    ["ca-west-1a", "ca-west-1b", "ca-west-1c"],
  ),
  { reader: "ray-releases", file: "data/ray.json", path: ["versions", "2.60.0", "tokenAuth"], to: true },
];

/** Two sources of one fact, of which one says something else. */
const DISAGREEMENTS = [
  {
    reader: "workflow-actions",
    name: "https://api.github.com/repos/actions/checkout/commits/v7.99.0",
    from: "0123456789",
    to: "1123456789",
    said: /actions\/checkout v7\.99\.0: .* says 11.*and the repository's refs say 01/,
  },
  {
    reader: "workflow-programs",
    name: "https://github.com/google/osv-scanner/releases/download/v2.6.0/osv-scanner_SHA256SUMS",
    from: "0123456789abcdef",
    to: "1123456789abcdef",
    said: /osv-scanner_linux_amd64 2\.6\.0: GitHub has 01.*and the release's list 11/,
  },
  {
    reader: "workflow-programs",
    name: "https://releases.hashicorp.com/terraform/1.15.8/terraform_1.15.8_linux_amd64.zip",
    from: "archive",
    to: "Archive",
    said: /terraform_1\.15\.8_linux_amd64\.zip has the SHA-256 .* is what its index says/,
  },
  {
    reader: "workflow-programs",
    name: "https://ghcr.io/v2/bridgecrewio/checkov/manifests/3.3.30",
    from: "schemaVersion",
    to: "schemaversion",
    said: /its header says sha256:.*and its content is sha256:/,
  },
  {
    reader: "helm-charts",
    name: "https://ray-project.github.io/kuberay-helm/kuberay-operator-1.99.0.tgz",
    from: "",
    to: "x",
    said: /kuberay-operator-1\.99\.0\.tgz has the SHA-256 .* is what its index says/,
  },
];

interface Tried {
  readonly failures: unknown[];
  readonly values: unknown[];
  readonly asOf: unknown[];
  readonly waiting: string[];
  readonly disagreements: string[];
  readonly unnoticed: string[];
}

const tried = JSON.parse(
  started(
    join(PACKAGE_ROOT, "test/refresh/try-readers.mjs"),
    [],
    JSON.stringify({ cases: CASES, disagreements: DISAGREEMENTS }),
  ).stdout,
) as {
  readonly results: Readonly<Record<string, Tried>>;
  readonly readers: readonly { id: string; files: string[]; form: string; seen: boolean }[];
  readonly unread: string[];
  readonly day: string;
};

function started(script: string, args: readonly string[], input = "") {
  return spawnSync(process.execPath, [script, ...args], { encoding: "utf8", input, maxBuffer: 1 << 26 });
}

describe.each(tried.readers)("the reader of $id", ({ id, form }) => {
  const result = tried.results[id] as Tried;

  test("writes what its source says, and nothing that leaves the line of a version", () => {
    const cases = CASES.filter(({ reader }) => reader === id);
    expect(cases.length).toBeGreaterThan(0);
    expect({ failures: result.failures, values: result.values }).toEqual({
      failures: [],
      values: cases.map(({ to }) => to),
    });
  });

  test("fails, and writes nothing, whichever of its answers has another form", () => {
    expect(result.unnoticed).toEqual([]);
  });

  test("names where the form is documented, as its recorded answers do", () => {
    expect(form).toMatch(/^https:\/\//);
  });
});

test.each(DISAGREEMENTS)("$name: two sources that disagree stop the reader", ({ reader, name, said }) => {
  const index = DISAGREEMENTS.filter((one) => one.reader === reader).findIndex((one) => one.name === name);
  expect(tried.results[reader]?.disagreements[index]).toMatch(said);
});

test("what a person has to decide is told", () => {
  const waiting = (id: string) => tried.results[id]?.waiting;
  expect(waiting("workflow-actions")).toEqual(["ossf/scorecard-action"]);
  expect(waiting("helm-charts")).toEqual(["chart kube-prometheus-stack"]);
  expect(waiting("kubernetes-versions")).toContain("Kubernetes 1.37");
  expect(waiting("npm-packages")).toContain("typescript");
  expect(waiting("ray-releases")).toEqual(["Ray"]);
  expect(waiting("image-digests")).toEqual([`image ${AUTOSCALER}`]);
  expect(waiting("instance-prices")).toEqual([expect.stringContaining("m5.large")]);
});

test("a table has the day on which every reader of it was asked", () => {
  const day = (id: string) => tried.results[id]?.asOf;
  expect(day("region-offers")).toEqual([tried.day]);
  expect(day("helm-charts")).toEqual([tried.day, expect.not.stringContaining(tried.day)]);
});

test("every table has a reader, or a reason why there is none", () => {
  const read = new Set(tried.readers.flatMap(({ files }) => files));
  const tables = [
    ...readdirSync(join(PACKAGE_ROOT, "data")).map((name) => `data/${name}`),
    ...[PINS, "verify/tools.json"],
  ];
  expect([...read, ...tried.unread].sort()).toEqual(tables.sort());
});

test("every recorded answer says where its form is documented", () => {
  const directory = join(PACKAGE_ROOT, "test/refresh/answers");
  for (const name of readdirSync(directory)) {
    const { form } = JSON.parse(readFileSync(join(directory, name), "utf8")) as { form: string };
    expect([name, form]).toEqual([name, expect.stringMatching(/^https:\/\//)]);
  }
});

describe("npm run refresh", () => {
  const TREE = [
    "data",
    "workflows",
    "projenrc/workflows",
    ".github/workflows",
    "verify/tools.json",
    "scripts",
    "test/refresh",
  ];
  const TABLES = ["data", "workflows", "verify", ".github/workflows", "projenrc/workflows"];

  function copiedTree(): string {
    const directory = mkdtempSync(join(tmpdir(), "refresh-"));
    for (const path of TREE) {
      cpSync(join(PACKAGE_ROOT, path), join(directory, path), { recursive: true });
    }
    symlinkSync(join(PACKAGE_ROOT, "node_modules"), join(directory, "node_modules"), "junction");
    return directory;
  }

  const refresh = (directory: string, ...args: string[]) => started(join(directory, "scripts/refresh.mjs"), args);

  function texts(directory: string): Map<string, string> {
    return new Map(
      TABLES.flatMap((name) =>
        readdirSync(join(directory, name), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((path) => [path.slice(directory.length), readFileSync(path, "utf8")] as const),
      ),
    );
  }

  test("writes tables, workflows and notes; a second run changes nothing", () => {
    const directory = copiedTree();
    const notes = join(directory, "notes.md");
    const { status, stdout, stderr } = refresh(directory, "--fixtures", "--json", "--notes", notes);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const report = JSON.parse(stdout);
    expect(report.changes).toContainEqual(expect.objectContaining({ file: CHARTS, to: "1.99.0" }));
    // Of the tag that another reader has just found.
    const { digests } = JSON.parse(readFileSync(join(directory, DIGESTS), "utf8"));
    expect(digests).toMatchObject({ "quay.io/kuberay/operator:v1.99.0": MANIFEST });
    expect(digests).not.toHaveProperty("quay.io/kuberay/operator:v1.7.0");
    expect(report.advisories).toContainEqual(expect.objectContaining({ what: "actions/setup-node" }));
    expect(readFileSync(join(directory, CHARTS), "utf8")).toContain(`"asOf": "${tried.day}"`);
    expect(readFileSync(join(directory, "workflows/build.yml"), "utf8")).toContain("# v7.99.0");
    const text = readFileSync(notes, "utf8");
    expect(text).toContain("## Pins with a known advisory\n\n- actions/setup-node");
    expect(text).toContain("The next deployment upgrades the release");
    const pins = started(join(directory, "scripts/pins.mjs"), ["--check"]);
    expect({ status: pins.status, stdout: pins.stdout }).toEqual({ status: 0, stdout: "" });

    const after = texts(directory);
    expect(JSON.parse(refresh(directory, "--fixtures", "--json").stdout).changes).toEqual([]);
    expect(texts(directory)).toEqual(after);
  });

  test("changes lines of tables, and not how they are laid out", () => {
    const directory = copiedTree();
    refresh(directory, "--fixtures", "--only", "helm-charts,kubernetes-versions");
    const before = readFileSync(join(PACKAGE_ROOT, CHARTS), "utf8").split("\n");
    const after = readFileSync(join(directory, CHARTS), "utf8").split("\n");
    expect(after.length).toBe(before.length);
    const changed = after.filter((line, index) => line !== before[index]);
    expect(changed.map((line) => line.trim().split(":")[0])).toEqual([
      '"asOf"',
      '"kuberay-operator"',
      '"aws-node-termination-handler"',
      '"kube-prometheus-stack"',
    ]);
  });

  test("writes nothing at all if one source fails, and says which", () => {
    const directory = copiedTree();
    const before = texts(directory);
    rmSync(join(directory, "test/refresh/answers/workflow-actions.json"));
    const { status, stderr, stdout } = refresh(
      directory,
      "--fixtures",
      "--json",
      "--notes",
      join(directory, "notes.md"),
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^workflow-actions: https:\/\/api\.github\.com\/repos\/actions\/checkout\/.* answers with 404/,
    );
    expect(JSON.parse(stdout)).toMatchObject({ changes: [], failures: [{ id: "workflow-actions" }] });
    expect(texts(directory)).toEqual(before);
  });

  test("asks only the readers that are named, and a dry run writes nothing", () => {
    const directory = copiedTree();
    const before = texts(directory);
    const { status, stdout } = refresh(directory, "--fixtures", "--json", "--only", "ray-releases", "--dry-run");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).changes.map(({ reader }: { reader: string }) => reader)).toEqual(["ray-releases"]);
    expect(texts(directory)).toEqual(before);
  });

  test("a version that is younger than a week waits", () => {
    const directory = copiedTree();
    const file = join(directory, "test/refresh/answers/helm-charts.json");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("2026-12-01T", "2027-01-30T"));
    const { stdout } = refresh(directory, "--fixtures", "--json", "--only", "helm-charts", "--dry-run");
    const names = JSON.parse(stdout).changes.map(({ name }: { name: string }) => name);
    expect(names).not.toContain("charts.kuberay-operator.version");
  });

  test.each([
    [["--only", "moon"], /there is no reader moon/],
    [["--day", "yesterday"], /--day yesterday is no day/],
    [["--moon"], /Unknown option '--moon'/],
  ])("%j is wrong usage", (args, said) => {
    const { status, stderr } = refresh(PACKAGE_ROOT, ...args);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(said) });
  });

  test("--help and --list say what there is", () => {
    expect(refresh(PACKAGE_ROOT, "--help").stdout).toContain("usage: npm run refresh");
    for (const { id } of tried.readers) {
      expect(refresh(PACKAGE_ROOT, "--list").stdout).toContain(id);
    }
  });
});
