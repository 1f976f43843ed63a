// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { equal, expectCode } from "./repository.mjs";
import { FIRST, SECOND } from "./two-versions.mjs";

/** How many repositories of the fleet are put together from two branches, and how many there are. */
export const MERGED = 12;
export const FLEET = 50;

/** Whether a repository of the fleet, by its number, is one of them. */
export function isMerged(number) {
  return number >= FLEET - MERGED;
}

/** What the two branches have done by the time that one is merged into the other. */
const KINDS = [
  { name: "both updated, options apart", theirs: ["// sizes", "// sizes, of theirs"], updated: true },
  { name: "both updated, one option twice", theirs: ["maxSize: 4", "maxSize: 6"], updated: true },
  {
    name: "theirs began before the update, and brings an old option name",
    theirs: ["// sizes", '// sizes\n  defaultBranch: "stable",'],
    updated: false,
  },
];

/** Two branches go their own ways, and are merged: hands are needed in `.projenrc.ts` alone, and nothing is lost. */
export function mergeBranches(repository, [first, second], options, number) {
  // One name cannot be set twice: the third kind brings it itself.
  const kind = KINDS[number % KINDS.length];
  const kept = kind.updated ? options : options.replace(/,? *defaultBranch: "trunk"/, "");
  repository.install(first);
  repository.write(".projenrc.ts", projenrc(kept));
  expectCode(repository.command("projenrc"), 0);
  repository.git("checkout", "--quiet", "-B", "main");
  repository.commit("generated");

  repository.git("checkout", "--quiet", "-b", "theirs");
  repository.replace(".projenrc.ts", ...kind.theirs);
  repository.append("test/extensions.test.ts", "// written by them\n");
  move(repository, kind.updated ? second : first, kind.updated);
  repository.commit("theirs");

  repository.git("checkout", "--quiet", "-b", "ours", "main");
  repository.install(first);
  repository.replace(".projenrc.ts", "maxSize: 4", "maxSize: 5");
  repository.append("src/extensions.ts", "// written by us\n");
  move(repository, second, true);
  repository.commit("ours");

  repository.git("merge", "theirs");
  repository.write(".projenrc.ts", withoutConflict(repository.read(".projenrc.ts")));
  if (kind.updated) {
    expectCode(repository.command("projenrc"), 0);
  } else {
    const { status, stderr } = repository.command("projenrc");
    equal("refusal", [status === 0, stderr.includes('"npx ray-platform update --installed"')], [false, true]);
    expectCode(repository.command("update", "--installed", "--no-post"), 0);
    equal("renamed option", repository.read(".projenrc.ts").includes('deployBranch: "stable"'), true);
  }
  repository.commit("merged");
  equal("check", repository.command("check").status, 0);
  equal("patches", repository.exists(".ray-platform/rejected"), false);
  equal("markers", repository.git("grep", "--name-only", "-E", "^(<{7}|>{7}) ").stdout, "");
  for (const [path, words] of [
    ["src/extensions.ts", "written by us"],
    ["test/extensions.test.ts", "written by them"],
    [".projenrc.ts", "maxSize: 5"],
    [".ray-platform/lock.json", `"generator": "${SECOND}"`],
  ]) {
    equal(`${words} in ${path} (${kind.name}, from ${FIRST})`, repository.read(path).includes(words), true);
  }
}

function projenrc(options) {
  return `import { Engine, RayPlatformProject } from "ray-platform";

const project = new RayPlatformProject({
  name: "fleet",
  // sizes
  allowedRegions: ["us-east-1", "us-west-2"],
  clusterName: "fleet",
  // pools
  cpuPool: { maxSize: 4 },
  ${options}
});
project.synth();
export const engine = Engine.CDKTF;
`;
}

/** Brings the branch's files to its options, with or without a new version. */
function move(repository, version, updates) {
  repository.install(version);
  expectCode(repository.command(...(updates ? ["update", "--installed", "--no-post"] : ["projenrc"])), 0);
}

/** Our side of each conflict. */
function withoutConflict(text) {
  return text.replace(/^<{7} .*\n([\s\S]*?)(?:^\|{7} .*\n[\s\S]*?)?^={7}\n[\s\S]*?^>{7} .*\n/gm, "$1");
}
