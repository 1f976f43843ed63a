// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { isObject, type JsonObject, objectOf } from "../json-object";
import { PACKAGE_ROOT } from "../package-root";
import type { Judgement } from "../policy/judgement";
import { entriesBelow } from "../policy/entries-below";
import { type PolicyInput, type SkippedFile, SYNTHESIZED } from "../policy/policy-input";
import { resourceBlocks } from "../policy/resource-blocks";
import type { Violation } from "../policy/violation";
import { readings } from "../sync/files/same-content";
import type { Lock } from "../sync/store/lock-file";

/** Charts of the repository's own, where synthesis copies them to: `assets/ray-chart/HASH`. */
const OWN_CHART = /^assets\/([a-z0-9-]+)-chart\/\w+\/?$/;

const ID = "helm/chart";

/** What a Helm release of a stack or a plan installs. */
interface Release {
  /** Its address. */
  readonly resource: string;
  /** Its arguments. */
  readonly body: JsonObject;
  /** Whether its chart is known only after apply. */
  readonly isUnknown: boolean;
}

/** A chart that a stack or a plan installs from the repository. */
interface DeployedChart {
  /** Name of its directory below `helm/`. */
  readonly name: string;
  /** The Helm release. */
  readonly resource: string;
  /** Path that Terraform is told. */
  readonly path: string;
}

/**
 * Judges the charts that are installed with what stacks and plans say. The policies read the values; that a chart makes of
 * them what it should is tested for the charts that this package ships, so it must be one of those, file by file. What
 * the user released of it is named. Other charts come from a registry: one that lies on the disk is what a change puts there.
 * @param root of the repository, in which synthesis left the charts
 */
export function judgeDeployedCharts(
  inputs: readonly PolicyInput[],
  root: string,
  cwd: string,
  lock: Lock,
): { readonly judgements: readonly Judgement[]; readonly skipped: readonly SkippedFile[] } {
  const judgements: Judgement[] = [];
  const skipped: SkippedFile[] = [];
  for (const input of inputs) {
    const stacks = stacksOf(input, root, cwd);
    for (const release of releasesOf(input)) {
      const deny = [...problemsOf(release, stacks)];
      const warn: Violation[] = [];
      const chart = ownChart(release);
      const places = chart === undefined ? [] : stacks.map((stack) => join(stack, chart.path)).filter(isDirectory);
      if (chart !== undefined && places.length === 0) {
        skipped.push({ file: chart.path, reason: `the chart that ${chart.resource} installs is not here` });
      }
      for (const place of places) {
        const differences = differencesOf(place, chart as DeployedChart, lock);
        deny.push(...differences.deny);
        warn.push(...differences.warn);
      }
      if (deny.length + warn.length > 0) {
        judgements.push({ file: input.file, deny, warn });
      }
    }
  }
  return { judgements, skipped };
}

function releasesOf(input: PolicyInput): Release[] {
  if (input.kind === "plan") {
    const changes = Array.isArray(input.document.resource_changes) ? input.document.resource_changes : [];
    return changes.flatMap((change: unknown) => {
      const { after, after_unknown: unknown } = objectOf(objectOf(change).change);
      return isObject(change) && change.type === "helm_release" && isObject(after)
        ? [{ resource: String(change.address), body: after, isUnknown: isObject(unknown) && unknown.chart === true }]
        : [];
    });
  }
  if (input.kind === "stack") {
    return resourceBlocks(input.document)
      .filter(({ type }) => type === "helm_release")
      .map(({ name, body }) => ({ resource: `helm_release.${name}`, body, isUnknown: false }));
  }
  return [];
}

function ownChart({ resource, body }: Release): DeployedChart | undefined {
  const path = chartOf(body);
  const name = OWN_CHART.exec(posix.normalize(path))?.[1];
  return name === undefined ? undefined : { name, resource, path };
}

/** As the provider puts it together: a repository that is no address is a directory. */
function chartOf({ chart, repository }: JsonObject): string {
  const name = typeof chart === "string" ? chart : "";
  const isDirectory = typeof repository === "string" && repository !== "" && !repository.includes("://");
  return isDirectory && !name.includes("/") ? `${repository}/${name}` : name;
}

/** What a release installs besides a chart of ours, or of a registry. */
function* problemsOf(release: Release, stacks: readonly string[]): Iterable<Violation> {
  const { resource, body } = release;
  const chart = chartOf(body);
  const found = (path: string, problem: string, fix: string): Violation => ({
    ...{ id: ID, resource, path, value: body[path] ?? null, limit: null },
    ...{ msg: `${resource}: ${problem}`, fix },
  });
  const fix = "Install it from a registry, by version, or declare what it makes in src/extensions.ts.";
  if (release.isUnknown) {
    yield found(
      "chart",
      "which chart it installs is known only after apply",
      "Write the chart so that the plan shows it.",
    );
  } else if (ownChart(release) === undefined && isOnDisk(chart, stacks)) {
    yield found("chart", `it installs ${chart}, which ray-platform does not ship and no policy judges`, fix);
  }
  const { postrender } = body;
  if (Array.isArray(postrender) ? postrender.length > 0 : isObject(postrender)) {
    yield found(
      "postrender",
      "a program changes what its chart makes, so that nobody has judged it",
      "Remove postrender.",
    );
  }
}

/** Helm takes what is there before it asks a registry. */
function isOnDisk(chart: string, stacks: readonly string[]): boolean {
  const isPath = /^(?:\.|\/|~|[A-Za-z]:[\\/]|\$\{path\.)/.test(chart);
  const isThere = (stack: string) => lstatSync(join(stack, chart), { throwIfNoEntry: false }) !== undefined;
  return isPath || (chart !== "" && !chart.includes("://") && chart.length < 1024 && stacks.some(isThere));
}

/** Directories that paths are relative to. A stack lies beside its charts; a plan was made of one that was synthesized here. */
function stacksOf({ kind, file }: PolicyInput, root: string, cwd: string): string[] {
  if (kind === "stack") {
    return [dirname(resolve(cwd, file))];
  }
  const stacks = join(root, SYNTHESIZED.stacks);
  return isDirectory(stacks) ? readdirSync(stacks).map((stack) => join(stacks, stack)) : [];
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function differencesOf(directory: string, { name, resource }: DeployedChart, lock: Lock): Omit<Judgement, "file"> {
  const original = join(PACKAGE_ROOT, "templates", "helm", name);
  const shipped = isDirectory(original) ? filesIn(original) : [];
  const deployed = filesIn(directory);
  const deny: Violation[] = [];
  const warn: Violation[] = [];
  for (const path of new Set([...shipped, ...deployed])) {
    const problem = problemOf(path, { shipped, deployed, original, directory });
    if (problem !== undefined) {
      const place = `helm/${name}/${path}`;
      const isUsers = lock.files.get(place)?.class === "released" || lock.ownFiles.includes(place);
      (isUsers ? warn : deny).push({
        ...{ id: ID, resource, path: place, value: path, limit: null },
        msg: `${resource}: ${place} ${problem}${isUsers ? "; it is released, and what it installs is not judged" : ""}`,
        fix: 'Restore the chart with "npx projen"; anything else to install belongs in src/extensions.ts.',
      });
    }
  }
  return { deny, warn };
}

interface Compared {
  readonly shipped: readonly string[];
  readonly deployed: readonly string[];
  readonly original: string;
  readonly directory: string;
}

function problemOf(path: string, { shipped, deployed, original, directory }: Compared): string | undefined {
  if (!shipped.includes(path)) {
    return "is not part of the chart that ray-platform ships";
  }
  if (!deployed.includes(path)) {
    return "is missing from the chart";
  }
  if (!lstatSync(join(directory, path)).isFile()) {
    return "is not a file but a link or a device";
  }
  const shippedContent = readFileSync(join(original, path));
  const isSame = readings(path, readFileSync(join(directory, path)), 0o444).some((text) => text.equals(shippedContent));
  return isSame ? undefined : "differs from the chart that ray-platform ships";
}

function filesIn(directory: string): string[] {
  return entriesBelow(directory).filter((path) => !lstatSync(join(directory, path)).isDirectory());
}
