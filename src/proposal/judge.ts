// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { posix } from "node:path";
import { loadTypeScript } from "../migrations/migrate";
import { threeWayMerge } from "../sync/comparison/three-way-merge";
import { unifiedDiff } from "../sync/comparison/unified-diff";
import { BlockText } from "../sync/files/block-text";
import { sha256 } from "../sync/files/content-hash";
import { foldedName } from "../sync/files/folded-name";
import { pathProblem } from "../sync/files/project-path";
import { PROJENRC_FILES } from "../sync/run/projenrc-files";
import { isBase } from "../sync/store/base-store";
import { LOCK_PATH, type Lock, type LockEntry, parseLock } from "../sync/store/lock-file";
import { STATE_PATHS } from "../sync/store/tracked-state";
import { compareVersions } from "../version-order";
import { differsInNamesOnly } from "./renamed-names";
import { changesBetween, type TreeChange, TreeContents } from "./proposed-tree";

/** The lock file of npm, which nothing renders. */
export const NPM_LOCK = "package-lock.json";

const REJECTED = ".ray-platform/rejected/";

/** What was found out about a path that an update changes. */
export interface JudgedChange {
  readonly path: string;
  readonly kind: "added" | "changed" | "deleted";
  /** How it was checked; undefined for what may not be. */
  readonly how?: string;
  /** Why the update may not change it so; undefined for what it may. */
  readonly problem?: string;
}

/**
 * Judges what an update would change, path by path, by what is committed: by the lock and the merge bases that lie in
 * both trees, and by nothing that the new version says or does. What the rendering produces is allowed, a merge that comes
 * out the same when it is made again, and a few files that others check; everything else is a problem.
 *
 * @param root a repository of git's whose top is the project
 * @param before the tree that the update started from
 * @param after the tree that it leads to
 */
export function judgeUpdate(root: string, before: string, after: string): JudgedChange[] {
  const changes = changesBetween(root, before, after);
  if (changes.length === 0) {
    return [];
  }
  return new Judge(root, new TreeContents(root, before), new TreeContents(root, after), changes).judge();
}

type Verdict = Pick<JudgedChange, "how" | "problem">;

const may = (how: string): Verdict => ({ how });
const mayNot = (problem: string): Verdict => ({ problem });

class Judge {
  private readonly oldLock: Lock;
  private readonly newLock: Lock;
  private readonly changed: ReadonlySet<string>;
  private knownSpellings: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  private placesBefore: ReadonlySet<string> | undefined;

  public constructor(
    private readonly root: string,
    private readonly before: TreeContents,
    private readonly after: TreeContents,
    private readonly changes: readonly TreeChange[],
  ) {
    this.oldLock = lockOf(before);
    this.newLock = lockOf(after);
    this.changed = new Set(changes.map(({ path }) => path));
    before.load(this.changed);
    after.load([...this.changed, ...this.newLock.files.keys()]);
  }

  public judge(): JudgedChange[] {
    const judged = this.changes.map((change): JudgedChange => {
      const kind = change.before === undefined ? "added" : change.after === undefined ? "deleted" : "changed";
      return { path: change.path, kind, ...this.verdict(change) };
    });
    return [...judged, ...this.unlikeLock()];
  }

  private verdict({ path, before, after }: TreeChange): Verdict {
    const problem = pathProblem(path);
    if (problem !== undefined) {
      return mayNot(problem);
    }
    for (const side of [before, after]) {
      if (side !== undefined && side.mode !== "100644" && side.mode !== "100755") {
        const what = side.mode === "120000" ? "a symbolic link" : "a submodule";
        return mayNot(`it ${side === before ? "was" : "becomes"} ${what}`);
      }
    }
    const namesake = after === undefined ? undefined : this.namesakeOf(path);
    if (namesake !== undefined) {
      return mayNot(`on macOS or Windows it is the same file as ${JSON.stringify(namesake)}, or in it`);
    }
    if (STATE_PATHS.some((state) => `${foldedName(path)}/`.startsWith(`${state}/`))) {
      return mayNot("only a run on this machine may leave it: the next run would carry it out");
    }
    if (path === LOCK_PATH) {
      return this.lock(after?.mode);
    }
    if (isBase(path)) {
      return this.base(path, after?.mode);
    }
    if (path.startsWith(REJECTED)) {
      return this.rejected(path, before !== undefined, after?.mode);
    }
    if (path === NPM_LOCK) {
      return after?.mode === "100644"
        ? may("made again by npm from package.json, within the cool-down; sources and signatures checked")
        : mayNot("the lock file of npm stays a file without execute permission");
    }
    if (PROJENRC_FILES.includes(path)) {
      return this.projenrc(path, before?.mode, after?.mode);
    }
    const [old, next] = [this.oldLock.files.get(path), this.newLock.files.get(path)];
    if (next !== undefined) {
      return after === undefined ? mayNot("the lock names it, and it is deleted") : this.rendered(path, old, next);
    }
    return old === undefined
      ? mayNot("no rendering produces it: it is not among the generated files")
      : this.dropped(path, old);
  }

  private lock(mode: string | undefined): Verdict {
    if (mode !== "100644") {
      return mayNot("the lock stays a file without execute permission");
    }
    const { generator, ownFiles } = this.newLock;
    if (compareVersions(generator, this.oldLock.generator) < 0) {
      return mayNot(`it goes back from ${this.oldLock.generator} to ${generator}`);
    }
    const own = ownFiles.find((path) => !this.oldLock.ownFiles.includes(path));
    return own === undefined
      ? may("every file that it names compared with it")
      : mayNot(`it gives ${own} to you, which the option "release" alone does`);
  }

  private base(path: string, mode: string | undefined): Verdict {
    const hash = posix.basename(path);
    const isNamed = [...this.newLock.files.values()].some(
      ({ class: owner, sha256: named }) => (owner === "seeded" || owner === "released") && named === hash,
    );
    if (mode === undefined) {
      return isNamed
        ? mayNot("the lock names this merge base, and it is deleted")
        : may("no file is merged with it any more");
    }
    if (mode !== "100644" || !isNamed) {
      return mayNot("no seeded file has this merge base");
    }
    return sha256(this.after.read(path) as Buffer) === hash
      ? may("its content has the hash that it is named by")
      : mayNot("its content does not have the hash that it is named by");
  }

  /** An edit of a managed file, which is undone and kept. */
  private rejected(path: string, existed: boolean, mode: string | undefined): Verdict {
    const [, of, ending] = /^(.+)\.\d+\.(patch|moved)$/.exec(path.slice(REJECTED.length)) ?? [];
    if (existed || mode !== "100644" || of === undefined) {
      return mayNot("it is not an edit of yours that was undone");
    }
    const content = this.after.read(path) as Buffer;
    const yours = this.before.read(of);
    const ours = this.after.read(of);
    if (yours === undefined || ours === undefined) {
      return mayNot(`${of} is not a file that was edited`);
    }
    const isYours =
      ending === "moved"
        ? content.equals(yours)
        : content
            .toString("latin1")
            .endsWith(unifiedDiff([{ path: of, before: ours, after: yours }]).toString("latin1")) &&
          content.toString("latin1").startsWith(`Edit of ${of}, undone by ray-platform `);
    return isYours
      ? may(`your edit of ${of}, compared with what was committed`)
      : mayNot(`it is not your edit of ${of}`);
  }

  private projenrc(path: string, before: string | undefined, after: string | undefined): Verdict {
    const [old, next] = [this.before.read(path), this.after.read(path)];
    if (old === undefined || next === undefined || before !== after) {
      return mayNot("an update neither makes nor removes it, nor changes its mode");
    }
    return differsInNamesOnly(loadTypeScript(this.root), old.toString("utf8"), next.toString("utf8"))
      ? may("nothing but names of options differs; READ IT: which names those are, the new version says")
      : mayNot("a migration renames options, and this changes something else");
  }

  /** A path that the lock names. */
  private rendered(path: string, old: LockEntry | undefined, next: LockEntry): Verdict {
    const yours = this.before.file(path) === undefined ? undefined : this.before.read(path);
    const content = this.after.read(path) as Buffer;
    if (yours !== undefined && old === undefined) {
      return mayNot('it is yours, and the new version would take it over: run "npx projen upgrade" yourself');
    }
    if (yours !== undefined && old !== undefined && old.class !== next.class && sha256(yours) !== old.sha256) {
      return mayNot(
        `it was ${old.class} and becomes ${next.class}, and it is edited: run "npx projen upgrade" yourself`,
      );
    }
    switch (next.class) {
      case "managed":
        return this.managedProblem(path, next) ?? may("what the rendering produces");
      case "block":
        return this.block(path, content, next);
      case "seeded":
        return this.seeded(path, content, old, next);
      case "released":
        return mayNot("you released it, so that no update changes it");
    }
  }

  private managedProblem(path: string, { sha256: hash, mode }: LockEntry): Verdict | undefined {
    const content = this.after.read(path);
    if (content === undefined) {
      return mayNot("the lock names it, and there is no such file");
    }
    if (sha256(content) !== hash) {
      return mayNot("it is not what the rendering produces");
    }
    const isExecutable = (Number.parseInt(mode, 8) & 0o100) !== 0;
    return isExecutable === (this.after.file(path)?.mode === "100755")
      ? undefined
      : mayNot(isExecutable ? "it is not executable, and must be" : "it is executable, and is not to be");
  }

  private block(path: string, content: Buffer, next: LockEntry): Verdict {
    const text = new BlockText(path);
    const search = text.find(content);
    if (search.kind !== "found" || sha256(Buffer.from(search.body, "latin1")) !== next.sha256) {
      return mayNot("its block is not what the rendering produces");
    }
    const yours = this.before.read(path);
    if (yours === undefined) {
      return this.sameMode(path, undefined) ?? may("new; its block is what the rendering produces");
    }
    return this.outsideIsSame(text, yours, content)
      ? (this.sameMode(path, yours) ?? may("its block is what the rendering produces, and the rest is as it was"))
      : mayNot("something outside its block is changed");
  }

  private outsideIsSame(text: BlockText, yours: Buffer, content: Buffer): boolean {
    const search = text.find(content);
    const was = text.find(yours);
    if (search.kind !== "found") {
      return false;
    }
    if (was.kind === "missing") {
      const body = Buffer.from(search.body, "latin1");
      return (["start", "end"] as const).some((position) => text.put(yours, body, position).equals(content));
    }
    return was.kind === "found" && text.put(yours, Buffer.from(search.body, "latin1"), "end").equals(content);
  }

  private seeded(path: string, content: Buffer, old: LockEntry | undefined, next: LockEntry): Verdict {
    const ours = this.after.read(`.ray-platform/base/${next.sha256}`);
    if (ours === undefined) {
      return mayNot("its merge base is missing");
    }
    const yours = this.before.read(path);
    if (yours !== undefined && old !== undefined) {
      return this.isMerge(yours, old, ours, content)
        ? (this.sameMode(path, yours) ??
            may(sha256(yours) === old.sha256 ? "as the new version ships it; you had not changed it" : MERGED))
        : mayNot("it is not the merge of your changes and the new version's");
    }
    if (content.equals(ours)) {
      return this.sameMode(path, undefined) ?? may("new, as the new version ships it");
    }
    const origin = [...this.oldLock.files].find(([from, entry]) => {
      const moved = this.before.read(from);
      return (
        entry.class === "seeded" &&
        this.after.file(from) === undefined &&
        moved !== undefined &&
        this.isMerge(moved, entry, ours, content)
      );
    });
    return origin === undefined
      ? mayNot("it is not what the new version ships")
      : may(`moved from ${origin[0]}; ${MERGED}`);
  }

  /** Whether a content comes out when our change is merged into the user's file again. */
  private isMerge(yours: Buffer, { sha256: hash }: LockEntry, ours: Buffer, content: Buffer): boolean {
    if (sha256(yours) === hash && content.equals(ours)) {
      return true;
    }
    const base = this.before.read(`.ray-platform/base/${hash}`);
    if (base === undefined || sha256(base) !== hash) {
      return false;
    }
    const merged = threeWayMerge(base, yours, ours, this.newLock.generator).content;
    return merged?.equals(content) ?? false;
  }

  /** A file that is no longer generated. */
  private dropped(path: string, old: LockEntry): Verdict {
    const yours = this.before.read(path);
    const content = this.after.file(path) === undefined ? undefined : this.after.read(path);
    if (old.class === "block" && yours !== undefined && content !== undefined) {
      return new BlockText(path).remove(yours).equals(content)
        ? may("its block is gone, and the rest is as it was")
        : mayNot("something outside its block is changed");
    }
    if (content !== undefined || yours === undefined) {
      return mayNot("it is no longer generated, and is yours now");
    }
    if (old.class !== "block" && sha256(yours) === old.sha256) {
      return may("no longer generated; you had not changed it");
    }
    const isMoved =
      old.class === "seeded" &&
      [...this.newLock.files].some(([to, next]) => {
        const [content, ours] = [this.after.read(to), this.after.read(`.ray-platform/base/${next.sha256}`)];
        const isNew = next.class === "seeded" && this.before.file(to) === undefined;
        return isNew && content !== undefined && ours !== undefined && this.isMerge(yours, old, ours, content);
      });
    return isMoved ? may("moved, with your changes") : mayNot("it is edited, and would be deleted");
  }

  private sameMode(path: string, yours: Buffer | undefined): Verdict | undefined {
    const wanted = yours === undefined ? modeOf(this.newLock.files.get(path)) : this.before.file(path)?.mode;
    return this.after.file(path)?.mode === wanted ? undefined : mayNot("whether it is executable is changed");
  }

  /**
   * Another path that some file systems treat as this one, or as a directory above it. Two that were both there before are the
   * repository's own affair, which no update makes worse.
   */
  private namesakeOf(path: string): string | undefined {
    this.knownSpellings ??= spellingsOf(this.after.paths);
    this.placesBefore ??= new Set([...this.before.paths].flatMap(placesOf));
    const before = this.placesBefore;
    for (const place of placesOf(path)) {
      const others = [...(this.knownSpellings.get(foldedName(place)) ?? [])].filter((spelling) => spelling !== place);
      const other = others.find((spelling) => !(before.has(place) && before.has(spelling)));
      if (other !== undefined) {
        return other;
      }
    }
    return undefined;
  }

  /** Files that stay as they are although the lock says otherwise of them now. */
  private unlikeLock(): JudgedChange[] {
    const paths = new Set([...this.oldLock.files.keys(), ...this.newLock.files.keys()]);
    return [...paths].flatMap((path): JudgedChange[] => {
      if (this.changed.has(path)) {
        return [];
      }
      const verdict = this.lockProblem(path, this.oldLock.files.get(path), this.newLock.files.get(path));
      return verdict === undefined ? [] : [{ path, kind: "changed", ...verdict }];
    });
  }

  /** What is wrong with what the lock says of a file that stays as it is. */
  private lockProblem(path: string, old: LockEntry | undefined, next: LockEntry | undefined): Verdict | undefined {
    if (next === undefined) {
      // What is no longer generated is deleted, unless it is edited.
      const content = old?.class === "managed" ? this.after.read(path) : undefined;
      return content !== undefined && sha256(content) === old?.sha256
        ? mayNot("the lock no longer lists it, but it is still there: nothing would compare it anymore")
        : undefined;
    }
    if (next.class === "released" && old?.class !== "released") {
      return mayNot('the lock marks it as yours; only the option "release" may do that');
    }
    return next.class === "managed" ? this.managedProblem(path, next) : undefined;
  }
}

const MERGED = "your changes and those of the new version, merged again with the same result";

function modeOf(entry: LockEntry | undefined): string {
  return (Number.parseInt(entry?.mode ?? "0", 8) & 0o100) === 0 ? "100644" : "100755";
}

/** A path and the directories above it. */
function placesOf(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** How each place of a tree is spelled, by what file systems that fold names make of it. */
function spellingsOf(paths: Iterable<string>): Map<string, Set<string>> {
  const spellings = new Map<string, Set<string>>();
  for (const place of new Set([...paths].flatMap(placesOf))) {
    const folded = foldedName(place);
    spellings.set(folded, (spellings.get(folded) ?? new Set()).add(place));
  }
  return spellings;
}

function lockOf(tree: TreeContents): Lock {
  const content = tree.read(LOCK_PATH);
  return parseLock(content === undefined ? "" : content.toString("utf8"));
}
