// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ExplainedError } from "../../explained-error";

/** What other package managers leave in a repository; each is there from the first installation on. */
const TRACES: Readonly<Record<string, readonly string[]>> = {
  pnpm: ["pnpm-lock.yaml", "pnpm-workspace.yaml", "node_modules/.modules.yaml"],
  Yarn: ["yarn.lock", ".yarnrc.yml", "node_modules/.yarn-integrity", "node_modules/.yarn-state.yml"],
  Bun: ["bun.lock", "bun.lockb"],
};

/** Files whose presence decides whether a repository is rendered at all. */
export const PACKAGE_MANAGER_FILES: readonly string[] = Object.values(TRACES).flat();

/**
 * Refuses a repository that another package manager installs, before anything of it is touched: npm would remove that
 * one's node_modules, and the workflows run "npm ci", which needs a package-lock.json.
 * @throws ExplainedError
 */
export function requireNpm(directory: string): void {
  const traces = Object.entries(TRACES).flatMap(([manager, paths]) =>
    paths.filter((path) => existsSync(join(directory, path))).map((path) => ({ manager, path })),
  );
  const declared = declaredManager(directory);
  if (declared !== undefined && !declared.startsWith("npm@")) {
    traces.push({ manager: declared, path: 'package.json ("packageManager")' });
  }
  const [first] = traces;
  if (first !== undefined) {
    const paths = [...new Set(traces.map(({ path }) => path.replace(/^node_modules\/.*/, "node_modules")))];
    throw new ExplainedError(
      `this repository is installed with ${first.manager}, and ray-platform works with npm only, as its workflows do; ` +
        `nothing was changed. Remove ${paths.join(", ")}, and run "npm install"`,
    );
  }
}

function declaredManager(directory: string): string | undefined {
  try {
    const { packageManager } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
      packageManager?: unknown;
    };
    return typeof packageManager === "string" ? packageManager : undefined;
  } catch {
    return undefined; // Absent, or no JSON: whoever needs it says so.
  }
}
