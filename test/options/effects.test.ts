// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GATES } from "../../src/gates";
import type { EnvironmentOptions } from "../../src/options/environment-options";
import { RayPlatformProject } from "../../src/ray-platform-project";
import { Ownership } from "../../src/sync/files/ownership";
import { elementOf, type Property, steps, TYPES, typeOf, valueAt, withValueAt } from "./assembly";
import { EFFECTS, type Effect } from "./effects";
import { filesOf, type Options, resolve } from "./resolve";

/** Options of structs by path, without positions in lists and names in maps; those that environments share only once. */
function optionPaths(struct: string, prefix: string): string[] {
  const inherited =
    struct === "EnvironmentOptions"
      ? []
      : (typeOf(struct).interfaces ?? []).flatMap((parent) =>
          optionPaths(parent.slice(parent.indexOf(".") + 1), prefix),
        );
  const own = (typeOf(struct).properties ?? []).flatMap((property: Property) => {
    const path = prefix === "" ? property.name : `${prefix}.${property.name}`;
    const element = TYPES.find(({ fqn }) => fqn === elementOf(property.type).fqn);
    return element?.kind === "interface" ? optionPaths(element.name, path) : [path];
  });
  return [...inherited, ...own];
}

/** The path of an option without positions and names. */
function pathOf({ option }: Effect): string {
  return option
    .replace(/\[\d+\]/g, "")
    .replace(/\b(actionPins)\.[^.]+/, "$1")
    .replace(/\b(tags|labels|rayStartParams|environmentReviewers)\..*/, "$1");
}

const settings = (typeOf("EnvironmentSettings").properties ?? []).map(({ name }) => name);
const perEnvironment = EFFECTS.filter(
  ({ option, beside }) => settings.includes(steps(option)[0]) && beside?.policyLimits === undefined,
);
const optionsOf = ({ option, value, beside }: Effect): Options => withValueAt(beside ?? {}, option, value);

/** Fields of the common exception that a gate's tool cannot act on; test/workflows has the refusals. */
const REFUSED = GATES.flatMap(({ option, exceptions }) => [
  ...(exceptions?.scope === "finding" ? [`workflows.${option}.exceptions.path`] : []),
  ...(exceptions?.resources === false ? [`workflows.${option}.exceptions.resource`] : []),
]);

/** Options that the others in their row are refused without. */
const NEEDED = ["allowedRegions[0]", "policyLimits.cpuInstanceTypes[0]", "policyLimits.gpuInstanceTypes[0]"];

describe("every option of the API", () => {
  test("is in the table of effects", () => {
    const covered = new Set(EFFECTS.map(pathOf));
    expect(
      optionPaths("RayPlatformProjectOptions", "").filter((path) => !covered.has(path) && !REFUSED.includes(path)),
    ).toEqual([]);
  });

  test("is in the table under its present name", () => {
    const known = optionPaths("RayPlatformProjectOptions", "");
    expect(EFFECTS.map(pathOf).filter((path) => !known.includes(path))).toEqual([]);
  });

  const inConfig = EFFECTS.filter(({ shows }) => !shows.startsWith("file:"));
  test.each(inConfig.map((effect) => [effect.option, effect.shows, effect] as const))(
    "%s changes %s",
    (_option, shows, effect) => {
      const expected = "expected" in effect ? effect.expected : effect.value;
      expect(valueAt(resolve(optionsOf(effect)), shows)).toEqual(expected);
    },
  );

  // Where an option's value is the default of its neighbours, it changes nothing to say it again.
  const sameAsDefault = [
    "githubOwnerId",
    "githubRepositoryId",
    "network.vpcId",
    "cpuPool.capacityType",
    "gpuPool.capacityReservationId",
    "workflows.relax[0].rule",
    "workflows.relax[0].reason",
  ];
  test.each(
    inConfig
      .filter(({ option }) => !sameAsDefault.includes(option) && !option.includes("exceptions[0]"))
      .map((effect) => [effect.option, effect] as const),
  )("%s is not the default", (_option, effect) => {
    const expected = "expected" in effect ? effect.expected : effect.value;
    const beside = NEEDED.includes(effect.option) ? {} : (effect.beside ?? {});
    expect(valueAt(resolve(beside), effect.shows)).not.toEqual(expected);
  });

  const inFiles = EFFECTS.filter(({ shows }) => shows.startsWith("file:"));
  const defaults = filesOf({});
  test.each(inFiles.map((effect) => [effect.option, effect.shows, effect] as const))(
    "%s changes %s",
    (_option, shows, effect) => {
      const file = shows.slice("file:".length);
      expect(filesOf(optionsOf(effect))[file]).toContain(effect.expected);
      expect(defaults[file] ?? "").not.toContain(effect.expected);
    },
  );

  test("release hands a file over", () => {
    const project = new RayPlatformProject({
      name: "platform",
      release: ["docs/operations.md", ".github/workflows/*"],
      outdir: mkdtempSync(join(tmpdir(), "options-")),
    });
    expect(Ownership.of(project).isReleased("docs/operations.md")).toBe(true);
    expect(Ownership.of(project).isReleased(".github/workflows/codeql.yml")).toBe(true);
    expect(Ownership.of(project).isReleased(".github/settings.json")).toBe(false);
    rmSync(project.outdir, { recursive: true });
  });

  test.each(perEnvironment.map((effect) => [effect.option, effect] as const))(
    "%s can be set for one environment",
    (_option, effect) => {
      const environments = [{ name: "prod", ...optionsOf(effect) } as EnvironmentOptions];
      const project = Object.fromEntries(
        Object.entries(effect.beside ?? {}).filter(([key]) => !settings.includes(key)),
      );
      const resolved = resolve({ ...project, environments });
      expect(valueAt(resolved, effect.shows)).toEqual("expected" in effect ? effect.expected : effect.value);
    },
  );
});
