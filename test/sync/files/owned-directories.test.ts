// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PACKAGE_ROOT } from "../../../src/package-root";
import { inspect } from "../../../src/sync/comparison/inspect";
import { OWNED_DIRECTORIES } from "../../../src/sync/files/owned-directories";
import { generate, type MiniOptions, temporaryDirectory } from "../mini-project";
import { fileOf, previewOf } from "../preview-of";

const OPTIONS: MiniOptions = {
  managed: {
    "helm/ray/templates/ray.yaml": "a: 1\n",
    "policies/terraform/cluster.rego": "package terraform\n",
    "src/platform/stack.ts": "export {};\n",
    "scripts/run.mjs": "console.log(1);\n",
    "docs/guide.md": "# guide\n",
  },
  seeded: { "policies/custom/README.md": "# yours\n", "src/extensions.ts": "export {};\n" },
};

let root: string;
beforeEach(() => {
  root = temporaryDirectory();
  generate(root, OPTIONS);
});

function put(path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), "mine\n");
}

const foreign = (options = OPTIONS): string[] =>
  previewOf(root, options).files.flatMap(({ path, state }) => (state === "foreign" ? [path] : []));
const foreignToLock = (): string[] =>
  inspect(root).files.flatMap(({ path, disk }) => (disk === "foreign" ? [path] : []));

test.each([
  ["helm/ray/templates/admin.yaml", "helm/ray/templates/admin.yaml"],
  ["helm/ray/charts/sub/Chart.yaml", "helm/ray/charts/"],
  ["helm/ray/templates/.hidden", "helm/ray/templates/.hidden"],
  ["helm/ray/templates/ray.yaml ", "helm/ray/templates/ray.yaml "],
  ["policies/terraform/allow.rego", "policies/terraform/allow.rego"],
  ["policies/override.json", "policies/override.json"],
  ["scripts/node_modules/ray-platform/index.js", "scripts/node_modules/"],
  ["src/platform/package.json", "src/platform/package.json"],
])("%s is foreign, to the rendering and to the lock, and stays where it is", (path, reported) => {
  put(path);
  expect([foreign(), foreignToLock()]).toEqual([[reported], [reported]]);
  expect(fileOf(previewOf(root, OPTIONS), reported)?.note).toContain('the option "release"');
  generate(root, OPTIONS);
  expect(existsSync(join(root, path))).toBe(true);
});

test("a link is as foreign as a file", () => {
  symlinkSync("/dev/zero", join(root, "helm/ray/templates/endless.yaml"));
  expect(foreign()).toEqual(["helm/ray/templates/endless.yaml"]);
});

test.each(["policies/custom/mine.rego", "src/mine.ts", "docs/mine.md", "test/mine.test.ts"])(
  "%s is where users put files of their own",
  (path) => {
    put(path);
    expect([foreign(), foreignToLock()]).toEqual([[], []]);
  },
);

test("a file that the option release names is the user's, and the lock knows it", () => {
  put("scripts/mine.sh");
  const released = { ...OPTIONS, release: ["scripts/mine.sh"] };
  generate(root, released);
  expect([foreign(released), foreignToLock()]).toEqual([[], []]);
  expect(previewOf(root, released).notes).toEqual([]);
});

test("every directory that is owned is where the package says, and every chart is in one", () => {
  for (const { original } of OWNED_DIRECTORIES) {
    expect(existsSync(join(PACKAGE_ROOT, original))).toBe(true);
  }
  expect(readdirSync(join(PACKAGE_ROOT, "templates/helm")).length).toBeGreaterThan(0);
});
