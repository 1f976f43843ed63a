// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere } from "../../file-presence";
import { ExplainedError } from "../../explained-error";
import { objectOf } from "../../json-object";
import { readManifest } from "./package-manifest";
import { workspaceOf } from "./workspace";

/** What other package managers leave in a repository; each is there from the first installation on. */
const TRACES: Readonly<Record<string, readonly string[]>> = {
  pnpm: ["pnpm-lock.yaml", "pnpm-workspace.yaml", ".pnpmfile.cjs", "node_modules/.modules.yaml", "node_modules/.pnpm"],
  Yarn: [
    "yarn.lock",
    ".yarnrc",
    ".yarnrc.yml",
    ".yarn",
    ".pnp.cjs",
    ".pnp.js",
    "node_modules/.yarn-integrity",
    "node_modules/.yarn-state.yml",
  ],
  Bun: ["bun.lock", "bun.lockb", "bunfig.toml"],
};

/** Files whose presence decides whether a repository is rendered at all. */
export const PACKAGE_MANAGER_FILES: readonly string[] = Object.values(TRACES).flat();

/**
 * Refuses a repository that another package manager installs, before anything of it is touched: npm would remove that
 * one's node_modules, and the workflows run "npm ci", which needs a package-lock.json.
 * @throws ExplainedError
 */
export function requireNpm(directory: string): void {
  const membership = foreignWorkspace(directory);
  if (membership !== undefined) {
    throw new ExplainedError(
      `this directory is a package of a workspace that is installed with ${membership.manager} (${membership.list}), and ` +
        "ray-platform works with npm only, as its workflows do; nothing was changed. Take the directory out of that list, " +
        'and run "npm install" in it',
    );
  }
  const traces = tracesIn(directory);
  const [first] = traces;
  if (first !== undefined) {
    const paths = [...new Set(traces.map(({ path }) => path.replace(/^node_modules\/.*/, "node_modules")))];
    throw new ExplainedError(
      `this repository is installed with ${first.manager}, and ray-platform works with npm only, as its workflows do; ` +
        `nothing was changed. Remove ${paths.join(", ")}, and run "npm install"`,
    );
  }
}

/** The workspace of another package manager that a directory is a member of, which npm would install anew as a whole. */
export function foreignWorkspace(directory: string): { readonly manager: string; readonly list: string } | undefined {
  const workspace = workspaceOf(directory);
  if (workspace === undefined) {
    return undefined;
  }
  const manager = workspace.isPnpm ? "pnpm" : tracesIn(workspace.directory)[0]?.manager;
  return manager === undefined ? undefined : { manager, list: workspace.list };
}

function tracesIn(directory: string): { readonly manager: string; readonly path: string }[] {
  const left = Object.entries(TRACES).flatMap(([manager, paths]) =>
    paths.filter((path) => isThere(join(directory, path))).map((path) => ({ manager, path })),
  );
  return [...left, ...declaredManagers(directory)];
}

/** What package.json says that no npm reads, or that forbids npm. */
function declaredManagers(directory: string): { readonly manager: string; readonly path: string }[] {
  const manifest = readManifest(directory);
  const { name } = objectOf(objectOf(manifest.devEngines).packageManager);
  const declared = [
    { field: "packageManager", manager: manifest.packageManager },
    { field: "devEngines.packageManager", manager: name },
    ...["pnpm", "yarn", "bun"].flatMap((manager) =>
      manager in objectOf(manifest.engines) ? [{ field: `engines.${manager}`, manager }] : [],
    ),
    ...("pnpm" in manifest ? [{ field: "pnpm", manager: "pnpm" }] : []),
  ];
  return declared.flatMap(({ field, manager }) =>
    typeof manager !== "string" || /^npm(?:@|$)/.test(manager) ? [] : [{ manager, path: `package.json ("${field}")` }],
  );
}
