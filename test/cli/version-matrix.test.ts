// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { snapshot } from "../sync/crash-scenario";
import { compileVersions, FixtureRepository, type Versions } from "./fixture-repository";

const FIRST = `import { RayPlatformProject } from "ray-platform";

new RayPlatformProject({ title: "Build" }).synth();
`;
const SECOND = FIRST.replace("title", "heading");
const MANAGED = ".github/workflows/build.yml";

/** What a repository that the first or the second version generated looks like before a command runs. */
const STATES = {
  clean: () => {},
  edited: (repository: FixtureRepository) => repository.write(MANAGED, "mine\n"),
  conflicted: (repository: FixtureRepository) => {
    const generated = repository.read(MANAGED);
    repository.write(MANAGED, `<<<<<<< HEAD\n${generated}=======\n${generated}>>>>>>> other\n`);
  },
} as const;

/**
 * Exit codes by installed version and state: 2 edited, 3 outdated or another version. An older version's diff fails, because
 * it does not know the newer one's options.
 */
const OUTCOMES = [
  ["older", "clean", { check: 3, diff: 1, status: 0, projenrc: 3 }],
  ["older", "edited", { check: 2, diff: 1, status: 0, projenrc: 3 }],
  ["older", "conflicted", { check: 2, diff: 1, status: 0, projenrc: 3 }],
  ["same", "clean", { check: 0, diff: 0, status: 0, projenrc: 0 }],
  ["same", "edited", { check: 2, diff: 0, status: 0, projenrc: 0 }],
  ["same", "conflicted", { check: 3, diff: 0, status: 0, projenrc: 0 }],
  ["newer", "clean", { check: 3, diff: 0, status: 0, projenrc: 3 }],
  ["newer", "edited", { check: 2, diff: 0, status: 0, projenrc: 3 }],
  ["newer", "conflicted", { check: 2, diff: 0, status: 0, projenrc: 3 }],
] as const;

const ADVICE = { older: 'run "npm ci"', same: "", newer: '"npx ray-platform update --installed"' } as const;

let versions: Versions;

beforeAll(() => {
  versions = compileVersions("version-matrix");
});

describe.each(OUTCOMES)("installed %s, repository %s", (installed, state, expected) => {
  let repository: FixtureRepository;
  const files = () =>
    JSON.stringify([".github", ".ray-platform"].flatMap((directory) => [...snapshot(repository.root, directory)]));

  beforeAll(() => {
    const isOlder = installed === "older";
    repository = new FixtureRepository(isOlder ? versions.second : versions.first, isOlder ? SECOND : FIRST);
    STATES[state](repository);
    repository.install(installed === "newer" ? versions.second : versions.first);
  });

  test("reading commands and npx projen end as the table says, and another version writes nothing", () => {
    const before = files();
    const codes = Object.keys(expected).map((command) => {
      const { code, out, err } = repository.run(command);
      expect([command, `${out}${err}`]).toEqual([command, expect.stringContaining(ADVICE[installed])]);
      expect(err).not.toContain("    at ");
      return [command, code];
    });
    expect(Object.fromEntries(codes)).toEqual(expected);
    expect(files() === before).toBe(installed !== "same" || state === "clean");
  });

  test("an update leads to the installed version, or says what is in the way", () => {
    const { code, err } = repository.run("update", "--installed", "--no-post");
    // The older version does not know the option of the newer one, which only a person can take back.
    expect([code, err]).toEqual(
      installed === "older" ? [1, expect.stringContaining("heading: there is no such option")] : [0, expect.anything()],
    );
    expect(repository.run("check").code).toBe(installed === "older" ? expected.check : 0);
  });
});
