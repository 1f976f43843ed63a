// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { App, AssetType, TerraformAsset, TerraformStack } from "cdktf";
import { OwnChart } from "../../templates/src/platform/workloads/own-chart";

let root: string;
let chart: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ray-platform-own-chart-"));
  chart = join(root, "helm", "ray");
  write(join(chart, "Chart.yaml"), "name: ray\n");
  write(join(chart, "templates", "a.yaml"), "a: 1\n");
  write(join(chart, "templates", "checks", "b.sh"), "exit 0\n");
  write(join(chart, ".helmignore"), "*.md\n");
  chmodSync(join(chart, "templates", "checks", "b.sh"), 0o755);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function stackOf(outdir: string): TerraformStack {
  return new TerraformStack(new App({ outdir: join(root, outdir) }), "dev-workloads");
}

/** Writes the chart, of which `directory` is a copy that no other test has read, and returns its path. */
function written(directory = chart): string {
  const own = new OwnChart(stackOf("own"), "ray-chart", directory);
  own.write(join(root, "own", "stacks", "dev-workloads"));
  return own.path;
}

/** What is below a directory: content and mode of files, and when and as which file each was made. */
function below(directory: string): Record<string, readonly [string, number]> {
  return Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(directory.length + 1), [readFileSync(path, "utf8"), statSync(path).mode] as const];
      }),
  );
}

/** The same; undefined where there is no such directory, or what is in it cannot be read. */
function ifReadable(directory: string): ReturnType<typeof below> | undefined {
  try {
    return below(directory);
  } catch {
    return undefined;
  }
}

test("a chart lies where the engine puts an asset, with the same content and modes", () => {
  const app = new App({ outdir: join(root, "engine") });
  const stack = new TerraformStack(app, "dev-workloads");
  const asset = new TerraformAsset(stack, "ray-chart", { path: chart, type: AssetType.DIRECTORY });
  app.synth();
  expect(written()).toBe(asset.path);
  const stacks = (outdir: string): string => join(root, outdir, "stacks", "dev-workloads", "assets");
  expect(below(stacks("own"))).toEqual(below(stacks("engine")));
  expect(Object.keys(below(stacks("own")))).toHaveLength(4);
});

test("a copy that is as it should be is not written again", () => {
  const copy = join(root, "own", "stacks", "dev-workloads", written());
  const before = statSync(join(copy, "Chart.yaml"));
  written();
  const after = statSync(join(copy, "Chart.yaml"));
  expect([after.ino, after.ctimeMs]).toEqual([before.ino, before.ctimeMs]);
});

describe("a copy is put right", () => {
  test.each<[string, (copy: string) => void]>([
    ["edited", (copy) => writeFileSync(join(copy, "Chart.yaml"), "name: rat\n")],
    ["another mode", (copy) => chmodSync(join(copy, "templates", "checks", "b.sh"), 0o644)],
    ["a file too many", (copy) => writeFileSync(join(copy, "templates", "c.yaml"), "")],
    ["a file missing", (copy) => rmSync(join(copy, "templates", "a.yaml"))],
    [
      "a file moved",
      (copy) => {
        rmSync(join(copy, "templates", "a.yaml"));
        writeFileSync(join(copy, "a.yaml"), "a: 1\n");
      },
    ],
    [
      "a link for a file",
      (copy) => {
        rmSync(join(copy, "Chart.yaml"));
        symlinkSync(join(chart, "Chart.yaml"), join(copy, "Chart.yaml"));
      },
    ],
    [
      "a file for its directory",
      (copy) => {
        rmSync(dirname(copy), { recursive: true });
        writeFileSync(dirname(copy), "");
      },
    ],
    [
      "a directory for a file",
      (copy) => {
        rmSync(join(copy, "Chart.yaml"));
        write(join(copy, "Chart.yaml", "x"), "");
      },
    ],
    ["the copy of an earlier content", (copy) => write(join(dirname(copy), "0A1B", "Chart.yaml"), "name: old\n")],
  ])("%s", (_, change) => {
    const folder = (): string => join(root, "own", "stacks", "dev-workloads", dirname(path));
    const path = written();
    const before = below(folder());
    change(join(root, "own", "stacks", "dev-workloads", path));
    expect(ifReadable(folder())).not.toEqual(before);
    written();
    expect(below(folder())).toEqual(before);
  });
});
