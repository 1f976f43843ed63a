// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { BlockText, blockBody } from "../files/block-text";
import { conflictSides, hasAnyConflictMarkers, hasConflictMarkers } from "./conflict-markers";
import { sha256 } from "../files/content-hash";
import type { Decision } from "./decision";
import type { DiskFile } from "../files/disk-file";
import { isInstallStub } from "./install-stub";
import { inStyleOf, toPlainText } from "../files/line-endings";
import { executableProblem, readings, usersReadings } from "../files/same-content";
import type { LockEntry } from "../store/lock-file";
import type { OwnershipClass } from "../files/ownership";
import type { RenderedFile } from "../files/rendered-file";

/** All that is known about one path. */
export interface FileFacts {
  readonly path: string;
  readonly disk: DiskFile;
  readonly lock: LockEntry | undefined;
  /** Further hashes of content that we wrote there. */
  readonly alsoOurs: readonly string[];
  readonly render: RenderedFile | undefined;
  /**
   * `regenerate` leaves seeded files alone; `update` brings our changes into them.
   */
  readonly mode: "regenerate" | "update";
  /** Whether the permission bits on disk mean anything. */
  readonly keepsModes: boolean;
}

type Verdict = Pick<Decision, "state" | "action" | "lock"> &
  Partial<Pick<Decision, "note" | "after" | "base" | "mode" | "disk" | "edit">>;

/** Compares disk, lock and render of one path. The only place that decides what happens to a file. */
export function classify(facts: FileFacts): Decision {
  const { path, disk, lock, render } = facts;
  const owner: OwnershipClass = render?.ownership ?? lock?.class ?? "managed";
  const verdict = disk.kind === "unreachable" ? unreachable(facts, owner, disk.problem) : judge(facts, owner);
  return {
    path,
    class: owner,
    component: render?.component ?? lock?.component ?? "",
    options: render?.options,
    disk: diskRelation(facts),
    upstream: upstreamRelation(lock, render),
    before: disk.kind === "file" ? disk.content : undefined,
    mode: render?.mode ?? 0o644,
    ...verdict,
  };
}

function judge(facts: FileFacts, owner: OwnershipClass): Verdict {
  if (facts.render === undefined) {
    return orphan(facts, facts.lock as LockEntry);
  }
  switch (owner) {
    case "managed":
      return managed(facts, facts.render);
    case "seeded":
      return seeded(facts, facts.render);
    case "block":
      return block(facts, facts.render);
    case "released":
      return released(facts, facts.render);
  }
}

function managed(facts: FileFacts, render: RenderedFile): Verdict {
  const { disk, lock } = facts;
  const after = render.content;
  if (disk.kind === "absent") {
    return { state: lock === undefined ? "added" : "deleted", action: "write", lock: "record", after };
  }
  if (disk.kind !== "file") {
    return {
      state: "obstructed",
      action: "move-and-write",
      lock: "record",
      after,
      note: `${obstruction(disk)} is in its place`,
    };
  }
  if (isCurrent(facts, disk.content)) {
    // Read-only bits do not survive `git clone`, so those change quietly; git keeps whether a file is executable.
    const problem = executableProblem(disk.mode, render.mode);
    if (problem !== undefined && (facts.keepsModes || (render.mode & 0o100) !== 0)) {
      return { state: "edited", action: "chmod", lock: "record", disk: "edited", note: problem };
    }
    return { state: "unchanged", action: disk.mode === render.mode ? "none" : "chmod", lock: "record" };
  }
  if (isOurs(facts, disk.content)) {
    return { state: "updated", action: "write", lock: "record", after };
  }
  if (lock === undefined && isInstallStub(facts.path, disk.content, after)) {
    return { state: "added", action: "write", lock: "record", after, disk: "absent" };
  }
  if (lock === undefined) {
    return {
      state: "conflict",
      action: "save-and-write",
      lock: "record",
      after,
      note: "a file that was not generated is in its place",
    };
  }
  const edits = conflictSides(disk.content)?.filter((side) => !isOurs(facts, side) && !isCurrent(facts, side));
  if (edits?.length === 0) {
    return { state: "updated", action: "write", lock: "record", after, note: MERGED_BY_GIT };
  }
  const state = lock.sha256 === sha256(render.content) ? "edited" : "conflict";
  return { state, action: "save-and-write", lock: "record", after, edit: edits?.[0] };
}

/** Said of a generated file in which git put two generated versions together. */
export const MERGED_BY_GIT = "git merged two generated versions";

function seeded(facts: FileFacts, render: RenderedFile): Verdict {
  const { disk, lock, mode } = facts;
  if (disk.kind === "absent") {
    return lock === undefined
      ? { state: "added", action: "write", lock: "record", after: render.content }
      : { state: "deleted", action: "none", lock: "hold", note: "deleted by you, and left so" };
  }
  if (disk.kind !== "file") {
    return {
      state: "obstructed",
      action: "none",
      lock: lock === undefined ? "record" : "hold",
      note: `${obstruction(disk)} is in its place, and is left there`,
    };
  }
  if (hasConflictMarkers(disk.content)) {
    return { state: "conflict", action: "keep", lock: "hold", note: "a merge in it waits to be resolved by you" };
  }
  if (lock === undefined || isCurrent(facts, disk.content)) {
    // A file that was there before is the user's; our later changes are merged from here on.
    return { state: "unchanged", action: "none", lock: "record" };
  }
  if (lock.class === "managed" || lock.class === "block") {
    // Ours until now: no merge base was kept, and an unedited file needs none.
    return isOurs(facts, disk.content)
      ? { state: "updated", action: "write", lock: "record", after: render.content }
      : { state: "unchanged", action: "none", lock: "record", note: "yours from now on" };
  }
  if (isExactlyOurs(facts, render.content)) {
    return { state: "unchanged", action: "none", lock: "record" };
  }
  const untouched = isOurs(facts, disk.content);
  const after =
    untouched && !isExactlyOurs(facts, disk.content) ? inStyleOf(disk.content, render.content) : render.content;
  if (mode === "regenerate") {
    return {
      state: untouched ? "updated" : "merge",
      action: "keep",
      lock: "hold",
      after,
      note: 'our version changed; "npx ray-platform update --installed" brings it in',
    };
  }
  if (hasAnyConflictMarkers(disk.content)) {
    return {
      state: "conflict",
      action: "keep",
      lock: "hold",
      note: "another merge in it waits to be resolved; update again afterwards",
    };
  }
  return untouched
    ? { state: "updated", action: "write", lock: "record", after, mode: disk.mode }
    : { state: "merge", action: "merge", lock: "record", after: render.content, mode: disk.mode };
}

function block(facts: FileFacts, render: RenderedFile): Verdict {
  const { path, disk, lock } = facts;
  const text = new BlockText(path);
  const body = blockBody(render.content);
  if (disk.kind === "absent") {
    return {
      state: lock === undefined ? "added" : "deleted",
      action: "write",
      lock: "record",
      after: text.create(render.initial, body, render.position),
    };
  }
  if (disk.kind !== "file") {
    return {
      state: "obstructed",
      action: "keep",
      lock: "hold",
      note: `${obstruction(disk)} is in place of a file that is to hold our block`,
    };
  }
  const mode = disk.mode | 0o200;
  const search = text.find(disk.content);
  if (search.kind === "damaged") {
    return { state: "conflict", action: "keep", lock: "hold", note: search.problem, mode };
  }
  if (search.kind === "missing") {
    if (lock !== undefined && lock.class !== "block" && isOurs(facts, disk.content)) {
      // The whole file was ours until now.
      const after = text.create(render.initial, body, render.position);
      return { state: "updated", action: "write", lock: "record", after, mode };
    }
    return {
      state: lock?.class === "block" ? "deleted" : "added",
      action: "write",
      lock: "record",
      after: text.put(disk.content, body, render.position),
      mode,
    };
  }
  const found = Buffer.from(search.body, "latin1");
  const relation: Partial<Verdict> = { disk: found.equals(body) ? "current" : undefined };
  if (relation.disk === "current") {
    return { state: "unchanged", action: "none", lock: "record", mode };
  }
  const after = text.put(disk.content, body, render.position);
  const known = lock?.class === "block" ? [lock.sha256, ...facts.alsoOurs] : [];
  if (known.includes(sha256(found))) {
    return { state: "updated", action: "write", lock: "record", after, mode, disk: "same" };
  }
  const sides = conflictSides(found);
  if (sides?.every((side) => known.includes(sha256(side)) || side.equals(body))) {
    return { state: "updated", action: "write", lock: "record", after, mode, disk: "edited", note: MERGED_BY_GIT };
  }
  const state = lock?.sha256 === sha256(body) ? "edited" : "conflict";
  return { state, action: "save-and-write", lock: "record", after, mode, disk: "edited" };
}

function released(facts: FileFacts, render: RenderedFile): Verdict {
  const { disk, lock } = facts;
  if (lock === undefined || lock.class !== "released") {
    // What the user starts from is what lies there if that is ours, or else what we render.
    const chmod = disk.kind === "file" && (disk.mode & 0o200) === 0;
    return {
      state: "released",
      action: chmod ? "chmod" : "none",
      lock: "record",
      base: disk.kind === "file" && isOurs(facts, disk.content) ? toPlainText(disk.content) : undefined,
      mode: disk.kind === "file" ? disk.mode | 0o200 : 0o644,
      note: "yours from now on",
    };
  }
  const changed = lock.sha256 !== sha256(render.content);
  return {
    state: "released",
    action: "none",
    lock: "hold",
    after: changed ? releasedPreview(facts, render) : undefined,
    note: changed ? "our version changed since you took it over" : undefined,
  };
}

/** What a released file would be if it were ours; for a block, the user's file around it stays. */
function releasedPreview({ path, disk }: FileFacts, render: RenderedFile): Buffer | undefined {
  if (!render.isBlock) {
    return render.content;
  }
  const text = new BlockText(path);
  return disk.kind === "file" && text.find(disk.content).kind === "found"
    ? text.put(disk.content, blockBody(render.content), render.position)
    : undefined;
}

function orphan(facts: FileFacts, lock: LockEntry): Verdict {
  const { path, disk } = facts;
  const kept: Verdict = {
    state: "orphan-edited",
    action: "keep",
    lock: "drop",
    note: "no longer generated; you edited it, so it stays and is yours",
    mode: disk.kind === "file" ? disk.mode | 0o200 : 0o644,
  };
  if (disk.kind === "absent" || lock.class === "released") {
    return { state: "orphan", action: "none", lock: "drop" };
  }
  if (disk.kind !== "file") {
    return { ...kept, note: `no longer generated; ${obstruction(disk)} is in its place and stays` };
  }
  switch (lock.class) {
    case "seeded":
      return { ...kept, state: "orphan", note: "no longer shipped; it stays and is yours" };
    case "block": {
      const text = new BlockText(path);
      const search = text.find(disk.content);
      if (search.kind === "missing") {
        return { state: "orphan", action: "none", lock: "drop" };
      }
      if (search.kind === "damaged" || sha256(Buffer.from(search.body, "latin1")) !== lock.sha256) {
        return { ...kept, note: "its block is no longer generated; you edited it, so it stays and is yours" };
      }
      const after = text.remove(disk.content);
      return after.toString("latin1").trim() === ""
        ? { state: "orphan", action: "delete", lock: "drop" }
        : { state: "orphan", action: "write", lock: "drop", after, mode: disk.mode | 0o200 };
    }
    default:
      return isOurs(facts, disk.content) ? { state: "orphan", action: "delete", lock: "drop" } : kept;
  }
}

function unreachable(facts: FileFacts, owner: OwnershipClass, problem: string): Verdict {
  const entry = facts.lock === undefined ? "drop" : "hold";
  if (facts.render === undefined) {
    return { state: "orphan-edited", action: "keep", lock: "drop", note: problem };
  }
  return owner === "released" || owner === "seeded"
    ? { state: "obstructed", action: "none", lock: entry, note: problem }
    : { state: "obstructed", action: "keep", lock: entry, note: problem };
}

function obstruction(disk: DiskFile): string {
  return disk.kind === "obstructed" ? disk.by : "something";
}

/** Whether the content is what we wrote. */
function isOurs(facts: FileFacts, content: Buffer): boolean {
  return readingsOf(facts, content).some((reading) => isExactlyOurs(facts, reading));
}

function isExactlyOurs({ lock, alsoOurs }: FileFacts, content: Buffer): boolean {
  return lock !== undefined && [lock.sha256, ...alsoOurs].includes(sha256(content));
}

/** Whether the content is what we render. */
function isCurrent(facts: FileFacts, content: Buffer): boolean {
  return readingsOf(facts, content).some((reading) => facts.render?.content.equals(reading) === true);
}

/** What a file counts as depends on who may decide how it is written. */
function readingsOf({ path, lock, render }: FileFacts, content: Buffer): readonly Buffer[] {
  const owner = render?.ownership ?? lock?.class ?? "managed";
  if (owner === "seeded" || owner === "released") {
    return usersReadings(content);
  }
  return readings(path, content, render?.mode ?? (lock === undefined ? 0 : Number.parseInt(lock.mode, 8)));
}

function diskRelation(facts: FileFacts): Decision["disk"] {
  const { disk, render } = facts;
  switch (disk.kind) {
    case "absent":
      return "absent";
    case "file":
      return render !== undefined && isCurrent(facts, disk.content)
        ? "current"
        : isOurs(facts, disk.content)
          ? "same"
          : "edited";
    default:
      return "obstructed";
  }
}

function upstreamRelation(lock: LockEntry | undefined, render: RenderedFile | undefined): Decision["upstream"] {
  if (render === undefined) {
    return "removed";
  }
  if (lock === undefined) {
    return "added";
  }
  const content = render.ownership === "block" ? blockBody(render.content) : render.content;
  return lock.sha256 === sha256(content) ? "same" : "changed";
}
