// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { compileVersions, FixtureRepository } from "./fixture-repository";

const PROJENRC = `import { RayPlatformProject } from "ray-platform";

new RayPlatformProject({ title: "Build" }).synth();
`;

/** A package.json as git leaves it, and what each side is. */
const CONFLICTED = (ours: string, theirs: string) => `{
<<<<<<< HEAD
${ours}
=======
${theirs}
>>>>>>> theirs
}
`;

let repository: FixtureRepository;

beforeAll(() => {
  repository = new FixtureRepository(compileVersions("blocked-start").first, PROJENRC);
});

test.each(["check", "diff"])("%s of a conflicted package.json says in a line what resolves it, and is 4", (command) => {
  repository.write("package.json", CONFLICTED('  "name": "a"', '  "name": "b"'));
  expect(repository.run(command)).toMatchObject({
    code: 4,
    err: 'git left conflicts in package.json; "npx projen" resolves them\n',
  });
});

test("a regeneration starts with the side of the current branch", () => {
  repository.write("package.json", CONFLICTED('  "name": "a"', '  "name": "b"'));
  expect(repository.run("projenrc")).toMatchObject({ code: 0, err: expect.stringContaining("resolved  package.json") });
  expect(JSON.parse(repository.read("package.json"))).toEqual({ name: "a" });
});

test("one without a side that is JSON is refused, with what to type", () => {
  repository.write("package.json", CONFLICTED("oops", "oops"));
  const { code, err } = repository.run("projenrc");
  expect([code, err]).toEqual([1, expect.stringContaining('"git checkout HEAD -- package.json"')]);
  expect(err).not.toContain("    at ");
});
