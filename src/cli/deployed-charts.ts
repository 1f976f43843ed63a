// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isObject, type JsonObject } from "../json-object";
import { PACKAGE_ROOT } from "../package-root";
import type { Judgement } from "../policy/judgement";
import { entriesBelow } from "../policy/entries-below";
import type { PolicyInput, SkippedFile } from "../policy/policy-input";
import type { Violation } from "../policy/violation";
import { readings } from "../sync/files/same-content";
import type { Lock } from "../sync/store/lock-file";

/** Charts of the repository's own, where synthesis copies them to: `assets/ray-chart/HASH`. */
const OWN_CHART = /^(?:\.\/)?assets\/([a-z0-9-]+)-chart\/\w+\/?$/;

const ID = "helm/chart";

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
 * the user released of it is named.
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
    for (const chart of chartsOf(input)) {
      const directory = placesOf(input, chart, root, cwd).find(isDirectory);
      if (directory === undefined) {
        skipped.push({ file: chart.path, reason: `the chart that ${chart.resource} installs is not here` });
        continue;
      }
      const differences = differencesOf(directory, chart, lock);
      if (differences.deny.length + differences.warn.length > 0) {
        judgements.push({ file: input.file, ...differences });
      }
    }
  }
  return { judgements, skipped };
}

function chartsOf(input: PolicyInput): DeployedChart[] {
  const found = (resource: string, chart: unknown): DeployedChart[] => {
    const name = typeof chart === "string" ? OWN_CHART.exec(chart)?.[1] : undefined;
    return name === undefined ? [] : [{ name, resource, path: chart as string }];
  };
  if (input.kind === "plan") {
    const changes = Array.isArray(input.document.resource_changes) ? input.document.resource_changes : [];
    return changes.flatMap((change: unknown) => {
      const after = isObject(change) && isObject(change.change) ? change.change.after : undefined;
      return isObject(change) && change.type === "helm_release" && isObject(after)
        ? found(String(change.address), after.chart)
        : [];
    });
  }
  if (input.kind === "stack") {
    const resources = isObject(input.document.resource) ? input.document.resource.helm_release : undefined;
    return Object.entries(isObject(resources) ? (resources as JsonObject) : {}).flatMap(([name, release]) =>
      isObject(release) ? found(`helm_release.${name}`, release.chart) : [],
    );
  }
  return [];
}

/** A stack lies beside its charts; a plan was made of a stack that was synthesized here. */
function placesOf({ kind, file }: PolicyInput, { path }: DeployedChart, root: string, cwd: string): string[] {
  if (kind === "stack") {
    return [join(dirname(resolve(cwd, file)), path)];
  }
  const stacks = join(root, "cdktf.out", "stacks");
  return isDirectory(stacks) ? readdirSync(stacks).map((stack) => join(stacks, stack, path)) : [];
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
        fix: 'Restore the chart with "npx projen"; what is to be installed besides belongs to src/extensions.ts.',
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
