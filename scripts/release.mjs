// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { exec } from "./command.mjs";
import { temporaryDirectory } from "./generate.mjs";
import { packGenerator } from "./pack-generator.mjs";
import { packArguments, packed } from "./packing.cjs";
import { Progress } from "./progress.mjs";
import { apiBreaks, missingForBreaks } from "./release/api-compatibility.mjs";
import { entriesOfVersion, newestRelease, releaseEntries } from "./release/changelog.mjs";
import { conventionalCommits, LOG_FORMAT } from "./release/conventional-commits.mjs";
import { nextVersion } from "./release/next-version.mjs";
import { releaseNotes } from "./release/release-notes.mjs";
import { differences, shippedFacts } from "./release/shipped-facts.mjs";
import { billedPackages, lockedPackages, softwareBill } from "./release/software-bill.mjs";
import { packVersion, unpack } from "./release/versioned-package.mjs";
import { ROOT, setUp } from "./setup.mjs";

const HELP = `usage: npm run release -- --prepare | --pack DIRECTORY | --dry-run

CHANGELOG.md says which version is the newest; a version without a tag is one to publish. docs/releasing.md tells the rest.

  --prepare          moves the unreleased entries of CHANGELOG.md under the next version, which follows from the commits
  --pack DIRECTORY   makes all that a release publishes: both packages, their bills of materials, the notes
  --dry-run          both, in a temporary directory and without changing a file; ends with what would be published
  --previous PATH    unpacked package to compare with; by default the last release is taken from the registry
  --json             print the result as JSON
  --help             print this text

Exit code: 0 done, 1 something is missing for a release, 2 wrong usage.`;

const CHANGELOG = join(ROOT, "CHANGELOG.md");

const { values } = parse();
const modes = ["prepare", "pack", "dry-run"].filter((mode) => values[mode] !== undefined);
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
if (modes.length !== 1) {
  usageError("give one of --prepare, --pack and --dry-run");
}
const progress = new Progress({ quiet: values.json });
try {
  const changelog = readFileSync(CHANGELOG, "utf8");
  if (values.prepare) {
    const { version, text } = await prepared(changelog);
    writeFileSync(CHANGELOG, text);
    finish({ version }, `CHANGELOG.md has ${version}.`);
  } else if (values.pack !== undefined) {
    finish(await packRelease(changelog, values.pack));
  } else {
    const { text } = await prepared(changelog);
    finish(await packRelease(text, temporaryDirectory("ray-platform-release")));
  }
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

/** The changelog with a heading for the next version. */
async function prepared(changelog) {
  const previous = newestRelease(changelog);
  const range = previous === undefined ? [] : [`v${previous}..HEAD`];
  const { stdout } = await exec("git", ["log", `--format=${LOG_FORMAT}`, ...range], { cwd: ROOT });
  const version = nextVersion(previous, conventionalCommits(stdout));
  if (version === undefined) {
    throw new Error(
      `no commit since ${previous ?? "the beginning"} changes what users have: there is nothing to release`,
    );
  }
  return { version, text: releaseEntries(changelog, version, new Date().toISOString().slice(0, 10)) };
}

/** Writes what is published into a directory. */
async function packRelease(changelog, directory) {
  const version = newestRelease(changelog);
  if (version === undefined) {
    throw new Error("CHANGELOG.md has no released version: npm run release -- --prepare");
  }
  await setUp(progress);
  mkdirSync(directory, { recursive: true });
  const [core, generator] = await progress.step(`Pack ${version}`, async (note) => [
    await packVersion(directory, version, note),
    await packGenerator(directory, note, version),
  ]);
  const unpacked = await unpack(core, join(temporaryDirectory("ray-platform-packed"), "after"));
  const bills = await progress.step("List what they are made of", () => writeBills(directory, version));
  const previous = await previousRelease(changelog, version);
  const changed =
    previous && (await progress.step(`Compare with ${previous.version}`, () => compare(previous, unpacked, version)));
  writeFileSync(join(directory, "notes.md"), releaseNotes(entriesOfVersion(changelog, version), changed));
  return {
    version,
    tag: `v${version}`,
    previous: previous?.version,
    packages: [core, generator].map((file) => basename(file)),
    assets: [...bills, "notes.md"],
    directory,
  };
}

async function writeBills(directory, version) {
  const names = [];
  for (const [name, place] of [
    ["ray-platform", ROOT],
    ["generator-ray-platform", join(ROOT, "generator")],
  ]) {
    const bill = await softwareBill(place, name, version);
    const missing = lockedPackages(JSON.parse(readFileSync(join(place, "package-lock.json"), "utf8"))).filter(
      (locked) => !billedPackages(bill).includes(locked),
    );
    if (missing.length > 0) {
      throw new Error(`the bill of materials of ${name} lacks ${missing.join(", ")}`);
    }
    const file = `${name}.cdx.json`;
    writeFileSync(join(directory, file), `${JSON.stringify(bill, null, 2)}\n`);
    names.push(file);
  }
  return names;
}

/** The package of the release before a version; undefined before the first. */
async function previousRelease(changelog, version) {
  const before = newestRelease(changelog.slice(changelog.indexOf(`## ${version} - `) + 1));
  if (values.previous !== undefined) {
    const { version: given } = JSON.parse(readFileSync(join(values.previous, "package.json"), "utf8"));
    return { version: given, directory: values.previous };
  }
  if (before === undefined) {
    return undefined;
  }
  const place = temporaryDirectory("ray-platform-previous");
  const { stdout } = await exec("npm", [...packArguments(place), `ray-platform@${before}`]);
  return {
    version: before,
    directory: await unpack(join(place, packed(stdout).filename), join(place, "before")),
  };
}

async function compare(previous, after, version) {
  const breaks = await apiBreaks(previous.directory, after);
  const missing = missingForBreaks({
    breaks,
    previous: previous.version,
    next: version,
    before: previous.directory,
    after,
  });
  if (missing.length > 0) {
    throw new Error([...breaks, ...missing].join("\n"));
  }
  return differences(shippedFacts(previous.directory), shippedFacts(after));
}

function finish(result, text) {
  if (values.json) {
    console.log(JSON.stringify(result));
    return;
  }
  console.log(
    text ??
      [
        `Version ${result.version}, tag ${result.tag}, after ${result.previous ?? "no release"}. To npm, with provenance:`,
        ...result.packages.map((name) => `  ${name}`),
        "To the release on GitHub:",
        ...result.assets.map((name) => `  ${name}`),
        `In ${result.directory}`,
      ].join("\n"),
  );
}

function parse() {
  try {
    return parseArgs({
      options: {
        prepare: { type: "boolean" },
        pack: { type: "string" },
        "dry-run": { type: "boolean" },
        previous: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    return usageError(error.message);
  }
}

function usageError(message) {
  console.error(`${message}\n\n${HELP}`);
  process.exit(2);
}
