// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExplainedError } from "../explained-error";
import { readForeignFile } from "../foreign-file";
import { PACKAGE_ROOT } from "../package-root";
import { git, gitOutput } from "../sync/comparison/git";
import { NPM_LOCK } from "./judge";
import { packagesOf, refreshedLock } from "./npm-lock";
import { changesBetween, TreeContents, treeOfWorkingTree } from "./proposed-tree";

const GENERATOR = "ray-platform";

/** What `verifyProposal` is told. */
export interface ProposalRequest {
  readonly root: string;
  /** The tree that the update leads to, judged already. */
  readonly tree: string;
  /** No version that was published later is taken. */
  readonly before: string;
  /** Says what is going on. */
  readonly tell: (line: string) => void;
}

/**
 * Makes a proposed update again, from what is published, in directories of its own:
 *
 * 1. The lock file is compared with that of the branch, by the script that compares those of pull requests.
 * 2. npm makes the lock file again, from the proposed package.json.
 * 3. npm verifies signatures, and this package's provenance names the repository that it named before.
 * 4. Only then the new version runs, and has to lead to the same tree.
 *
 * @throws ExplainedError at the first that does not hold
 */
export function verifyProposal({ root, tree, before, tell }: ProposalRequest): void {
  const work = mkdtempSync(join(tmpdir(), "ray-platform-verify-"));
  const proposed = join(work, "proposed");
  const rendered = join(work, "rendered");
  try {
    const old = new TreeContents(root, "HEAD^{tree}");
    checkOut(root, proposed, commitOf(root, tree));
    tell("comparing package-lock.json with the branch's, and installing it without scripts");
    start(proposed, process.execPath, [script("install-dependencies.mjs")], "package-lock.json is refused");

    tell("making package-lock.json again");
    const lock = readForeignFile(join(proposed, NPM_LOCK));
    const again = refreshedLock(
      {
        manifest: readForeignFile(join(proposed, "package.json")),
        settings: old.read(".npmrc"),
        lock: old.read(NPM_LOCK),
      },
      before,
    );
    if (!again.lock.equals(lock)) {
      throw new ExplainedError(
        `${NPM_LOCK} is not what npm makes of package.json with the versions from before ${before}`,
      );
    }

    tell("verifying signatures and provenance");
    const path = `node_modules/${GENERATOR}`;
    const [known, next] = [old.read(NPM_LOCK) ?? Buffer.from("{}"), lock].map((text) => packagesOf(text).get(path));
    const isNew = known?.version !== next?.version || known?.integrity !== next?.integrity;
    const provenance = isNew ? ["--provenance", `${GENERATOR}=${repositoryOf()}`] : [];
    start(
      proposed,
      process.execPath,
      [script("verify-signatures.mjs"), ...provenance],
      "a signature is missing or wrong",
    );

    tell("rendering again");
    checkOut(root, rendered, "HEAD");
    renameSync(join(proposed, "node_modules"), join(rendered, "node_modules"));
    const { version } = JSON.parse(readFileSync(join(rendered, path, "package.json"), "utf8")) as { version: string };
    const spec = typeof next?.resolved === "string" && next.resolved.startsWith("file:") ? next.resolved : version;
    const command = join(rendered, path, "bin", GENERATOR);
    const update = ["update", "--installed", "--no-post", "--spec", `${GENERATOR}@${spec}`];
    // 4: done, with conflicts in files of the user's, which the pull request shows.
    start(rendered, process.execPath, [command, ...update], "the published version does not render", [0, 4]);
    writeFileSync(join(rendered, NPM_LOCK), lock);
    const different = changesBetween(root, treeOfWorkingTree(rendered), tree).map((change) => change.path);
    if (different.length > 0) {
      throw new ExplainedError(
        `the published version gives something else than the update that is proposed:\n${different.map((file) => `  ${file}`).join("\n")}`,
      );
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
    git(root, ["worktree", "prune"]);
  }
}

/** The scripts of this version, which is the one that the branch has, and not those of the proposal. */
function script(name: string): string {
  return join(PACKAGE_ROOT, "templates", "scripts", name);
}

/** Where this version comes from; the next one has to come from there too. */
function repositoryOf(): string {
  const { repository } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")) as {
    readonly repository: { readonly url: string };
  };
  return repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
}

function commitOf(root: string, tree: string): string {
  const [name, email] = ["ray-platform", "ray-platform@localhost"];
  const committer = { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
  const variables = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, ...committer };
  const args = ["commit-tree", tree, "-p", "HEAD", "-m", "A proposed update"];
  return gitOutput(root, args, undefined, variables).toString("utf8").trim();
}

function checkOut(root: string, directory: string, commit: string): void {
  gitOutput(root, ["worktree", "add", "--detach", directory, commit]);
}

function start(
  cwd: string,
  program: string,
  args: readonly string[],
  problem: string,
  allowed: readonly number[] = [0],
): void {
  const { status, error } = spawnSync(program, args, { cwd, stdio: ["ignore", 2, 2] });
  if (status === null || !allowed.includes(status)) {
    throw new ExplainedError(`${problem}: ${error?.message ?? "see above"}`);
  }
}
