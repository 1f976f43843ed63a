// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Installs exactly what package-lock.json says, without install scripts, after comparing what a change does to npm with
// the commit that it is based on: the gates are installed by npm, and a pull request must not replace its judges.
//
// Workflows run the base's copy of this file. Ends with 1 and the list of what is wrong before npm is started.
import { execFileSync, spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The parent that a merge commit of GitHub's has on the base branch; the commit before, on that branch itself. */
const BASE = "HEAD^1";
const GENERATOR = "ray-platform";
/** What a rule of the policies lets through. */
const EXCEPTIONS = ".github/scanners/policy.yml";
const PUBLIC_REGISTRY = "https://registry.npmjs.org/";
/** More than any of these files needs. */
const MOST_BYTES = 50 << 20;
/** Settings of npm that say neither where code comes from nor what runs. */
const HARMLESS = new Set(["audit", "fund", "save-exact", "engine-strict"]);
/** Values of others that only forbid something. */
const FORBIDDING = { "ignore-scripts": "true", "allow-git": "none" };

const DEPENDENCIES = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
const VERSION = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;

const problems = [];
const refuse = (file, problem) => problems.push(`${file}: ${problem}`);

const base = readCommit(BASE);
compareSettings();
refuseOtherTrees();
const description = parse("package.json of the base", base("package.json"));
compareDescription(parse("package.json", readTree("package.json")), description);
const lock = parse("package-lock.json", readTree("package-lock.json"));
if (lock !== undefined) {
  const known = packagesOf(parse("package-lock.json of the base", base("package-lock.json")));
  comparePackages(packagesOf(lock), known, askedFor(description));
}
if (problems.length > 0) {
  for (const problem of problems) {
    console.error(plain(problem));
  }
  console.error(
    "\nNothing was installed. Whoever wants such a change merges it alone, past this check, after reading every line of it.",
  );
  process.exit(1);
}
if (process.env.GITHUB_EVENT_NAME === "pull_request" && process.env.ACTIONS_ID_TOKEN_REQUEST_URL) {
  takeProgramsOfBase();
}
npm(["ci", "--ignore-scripts"], process.cwd());

/** What decides where npm takes packages from, and what it runs. */
function compareSettings() {
  const known = new Map(settings(base(".npmrc")));
  for (const [key, value] of settings(readTree(".npmrc"))) {
    if (HARMLESS.has(key) || (Object.hasOwn(FORBIDDING, key) && FORBIDDING[key] === value)) {
      continue;
    }
    if (key === "ignore-scripts") {
      refuse(".npmrc", "ignore-scripts is not true: packages would run code while they are installed");
    } else if (known.get(key) !== value) {
      refuse(".npmrc", `${key} is not what the base has; it decides what npm fetches or runs`);
    }
  }
}

/** Each setting, as often as it is there. */
function settings(text = "") {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && !/^[;#]/.test(line))
    .map((line) => line.split("="))
    .map(([key, ...value]) => [key.trim().toLowerCase(), value.join("=").trim()]);
}

/** What npm, or Node.js, would take in place of the lock and of what it installs. */
function refuseOtherTrees() {
  if (lstatSync("npm-shrinkwrap.json", { throwIfNoEntry: false }) !== undefined) {
    refuse("npm-shrinkwrap.json", "npm would install it in place of package-lock.json");
  }
  // Whatever a file system takes for that name: macOS and Windows know no case.
  for (const file of git("ls-files", "-z").split("\0")) {
    if (`/${file.normalize("NFKC").toLowerCase()}/`.includes("/node_modules/")) {
      refuse(file, "packages are installed, and not committed");
      return;
    }
  }
}

/** What package.json has npm fetch, and npx run in place of what is installed. */
function compareDescription(description = {}, known = {}) {
  refuseOtherSources("package.json", "", description, known);
  // npm takes every file of that directory for a command of the package.
  const directory = description?.directories?.bin;
  if (directory !== undefined && directory !== known?.directories?.bin) {
    refuse("package.json", `directories.bin is ${directory}, whose files npx would run in place of installed commands`);
  }
  const before = new Map(specsOf(known?.bin));
  for (const [command, file] of specsOf(description?.bin)) {
    if (before.get(command) !== file) {
      refuse("package.json", `bin has ${command || "a command"}, which npx would run in place of an installed one`);
    }
  }
}

/** Refuses what is asked for, by name or anywhere in the overrides, and does not come from a registry. */
function refuseOtherSources(file, place, description, known) {
  for (const kind of [...DEPENDENCIES, "overrides"]) {
    const before = new Map(specsOf(known?.[kind]));
    for (const [name, spec] of specsOf(description?.[kind])) {
      if (!isOfRegistry(spec) && before.get(name) !== spec) {
        refuse(file, `${place}${kind} has ${name} from ${spec}, which is not a registry`);
      }
    }
  }
}

/** What is said of each name, by the names that lead to it. */
function specsOf(said, path = "") {
  if (typeof said !== "object" || said === null) {
    return said === undefined ? [] : [[path, String(said)]];
  }
  return Object.entries(said).flatMap(([name, spec]) => specsOf(spec, path === "" ? name : `${path} > ${name}`));
}

/** The packages that package.json itself asks for: gates start their commands. */
function askedFor(description) {
  return new Set(DEPENDENCIES.flatMap((kind) => Object.keys(description?.[kind] ?? {})));
}

/** A range of versions or a tag, of the package itself or of one that stands for it; or that of a direct dependency. */
function isOfRegistry(spec) {
  const range = spec.replace(/^npm:(?:@[\w.-]+\/)?[\w-][\w.-]*(?:@|$)/, "");
  const isFile = /^\.|\.(?:tgz|tar|tar\.gz)$/i.test(range);
  return (/^[\w.*^~<>=|+ -]*$/.test(range) && !isFile) || /^\$(?:@[\w.-]+\/)?[\w.-]+$/.test(spec);
}

function comparePackages(packages, known, direct) {
  compareCommands(packages, known, direct);
  const hosts = new Set([...known.values()].map(({ resolved }) => hostOf(resolved)).filter(Boolean));
  hosts.add(hostOf(PUBLIC_REGISTRY));
  for (const [path, entry] of packages) {
    const problem = problemOf(path, packages, known.get(path), hosts);
    if (problem !== undefined) {
      refuse("package-lock.json", `${path}: ${problem}`);
    }
    refuseOtherSources("package-lock.json", `${path}: `, entry, known.get(path));
  }
  const [before, after] = [known, packages].map((all) => all.get(`node_modules/${GENERATOR}`)?.version);
  if (typeof before === "string" && (typeof after !== "string" || isOlder(after, before))) {
    refuse("package-lock.json", `${GENERATOR} goes from ${before} to ${after ?? "none"}, and may not go back`);
  }
}

/**
 * npm makes the commands that gates start of what the lock says, whatever the packages themselves say. Those of `direct`
 * may not start another file in a next version either.
 */
function compareCommands(packages, known, direct) {
  const now = commandsOf(packages);
  for (const [command, before] of commandsOf(known)) {
    const after = now.get(command) ?? before;
    const isMoved = ({ file }, index) =>
      file !== before[index].file && (isKept(before[index]) || direct.has(before[index].name));
    if (after.length !== before.length || after.some(({ name }, index) => name !== before[index].name)) {
      refuse("package-lock.json", `the command ${command} is of ${namesOf(after)}, and was of ${namesOf(before)}`);
    } else if (after.some(isMoved)) {
      refuse("package-lock.json", `the command ${command} starts another file of ${namesOf(after)}`);
    }
  }

  function isKept({ name, version }) {
    return packages.get(`node_modules/${name}`)?.version === version;
  }
}

function namesOf(owners) {
  return owners.map(({ name }) => name).join(" and ");
}

/** The packages that have each command of node_modules/.bin. */
function commandsOf(packages) {
  const commands = new Map();
  for (const [path, { bin, version }] of packages) {
    const name = path.replace(/^node_modules\//, "");
    if (bin === undefined || name.includes("node_modules/")) {
      continue;
    }
    const each = typeof bin === "object" && bin !== null ? Object.entries(bin) : [[name.split("/").pop(), bin]];
    for (const [command, file] of each) {
      const owner = { name, version, file: String(file).replace(/^\.\//, "") };
      commands.set(command, [...(commands.get(command) ?? []), owner]);
    }
  }
  return commands;
}

/** Whether a package around it brings it along, under an integrity of its own. */
function comesWithAnother(path, packages) {
  const parts = path.split("/node_modules/");
  const around = parts.slice(0, -1).map((_, index) => packages.get(parts.slice(0, index + 1).join("/node_modules/")));
  return around.some((entry) => [entry?.bundleDependencies].flat().some(Boolean));
}

/** What is wrong with one package; undefined if nothing is. */
function problemOf(path, packages, known, hosts) {
  const entry = packages.get(path);
  const { version, resolved, integrity, link, inBundle, name } = entry;
  const same = known !== undefined && known.version === version && known.name === name;
  if (same && ["resolved", "integrity", "link", "inBundle"].every((key) => known[key] === entry[key])) {
    return undefined;
  }
  if (link) {
    return "it is a link into the repository";
  }
  if (same && known.integrity !== integrity) {
    return `its integrity changed, and its version ${version} did not`;
  }
  if (typeof version !== "string" || !VERSION.test(version)) {
    return "its version is not a version: npm would take it for an address";
  }
  if (inBundle === true && resolved === undefined && path.split("node_modules/").length > 2) {
    return comesWithAnother(path, packages) ? undefined : "no package around it says that it comes with it";
  }
  if (typeof integrity !== "string" || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)) {
    return "it has no SHA-512 integrity";
  }
  const expected = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  if (name !== undefined && name !== expected && known?.name !== name) {
    return `it is ${name} under another name`;
  }
  if (resolved === undefined) {
    return undefined; // npm asks the registry for that name and version.
  }
  const host = hostOf(resolved);
  if (host === undefined || !hosts.has(host)) {
    return `${resolved} is not an address of a registry that the base installs from`;
  }
  return isAddressOf(resolved, name ?? expected) ? undefined : `${resolved} is an address of another package`;
}

/** Registries put a package's name, with its scope, into the address of its archive. */
function isAddressOf(resolved, name) {
  const path = decodeURIComponent(new URL(resolved).pathname);
  const at = path.indexOf(`/${name}/`);
  return at >= 0 && (name.startsWith("@") || !/\/@[^/]*$/.test(path.slice(0, at)));
}

/** A registry by HTTPS; nothing else is one. */
function hostOf(address) {
  try {
    const { protocol, host, username } = new URL(address);
    return protocol === "https:" && username === "" ? host : undefined;
  } catch {
    return undefined;
  }
}

function packagesOf(content) {
  const packages = content?.packages;
  const isStruct = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (content !== undefined && (!isStruct(packages) || !Object.values(packages).every(isStruct))) {
    refuse("package-lock.json", 'it has no "packages", and so is not a lock file of npm 7 or newer');
    return new Map();
  }
  return new Map(Object.entries(packages ?? {}).filter(([path]) => path !== ""));
}

function isOlder(one, other) {
  const [a, b] = [one, other].map((version) => version.split(/[.+-]/).map(Number));
  const index = [0, 1, 2].find((place) => a[place] !== b[place]);
  return index !== undefined && !(a[index] > b[index]);
}

/**
 * In a job that can ask for credentials, a pull request is data: packages, scripts, policies and their exceptions are those of its
 * base. Its own are the limits and custom policies, which only compute, and scripts that the base does not have, which nothing of
 * the base starts.
 */
function takeProgramsOfBase() {
  if (base("package.json") === undefined || base("package-lock.json") === undefined) {
    return;
  }
  for (const file of ["package.json", "package-lock.json", ".npmrc", EXCEPTIONS]) {
    const content = base(file);
    removeWithLinks(file);
    if (content !== undefined) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { flag: "wx" });
    }
  }
  const isData = (path) => path === "policies/data.json" || path.startsWith("policies/custom/");
  const scripts = filesOf(BASE, "scripts");
  writeFiles("scripts", [...scripts, ...filesOf("HEAD", "scripts").filter((file) => fitsBeside(file, scripts))]);
  const policies = filesOf(BASE, "policies").filter(({ path }) => !isData(path));
  writeFiles("policies", [...policies, ...filesOf("HEAD", "policies").filter(({ path }) => isData(path))]);
  console.log("packages, scripts and policies are those of the base");
  if (isOtherProgram(scripts)) {
    const text =
      "This pull request changes scripts/ or the version of ray-platform. This job has a role, so it runs the base branch's " +
      "programs instead. An update may use something that they do not know yet. If only this check fails for that reason, an " +
      "administrator may merge past it; later pull requests use the new programs.";
    console.log(`::notice title=Programs of the base branch::${text}`);
  }
}

/** Whether the change has other scripts, or another version of ray-platform, than the base. */
function isOtherProgram(scripts) {
  const known = new Map(scripts.map(({ path, object }) => [path, object]));
  const own = filesOf("HEAD", "scripts");
  const versionIn = (commit) =>
    packagesOf(parse("package-lock.json", commit("package-lock.json"))).get(`node_modules/${GENERATOR}`)?.version;
  return (
    own.length !== scripts.length ||
    own.some(({ path, object }) => known.get(path) !== object) ||
    versionIn(base) !== versionIn(readCommit("HEAD"))
  );
}

/** Removes a file, and what stands in the place of one of its directories. */
function removeWithLinks(file) {
  const parts = file.split("/");
  for (let length = 1; length < parts.length; length++) {
    const directory = parts.slice(0, length).join("/");
    if (lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() === false) {
      rmSync(directory);
    }
  }
  rmSync(file, { recursive: true, force: true });
}

function fitsBeside({ path }, files) {
  return files.every(
    ({ path: other }) => path !== other && !path.startsWith(`${other}/`) && !other.startsWith(`${path}/`),
  );
}

/** Bytes as git keeps them: attributes that convert on checkout are the pull request's. */
function writeFiles(directory, files) {
  rmSync(directory, { recursive: true, force: true });
  for (const { path, object } of files) {
    mkdirSync(dirname(path), { recursive: true });
    const content = execFileSync("git", ["cat-file", "blob", object], { maxBuffer: MOST_BYTES });
    writeFileSync(path, content, { flag: "wx", mode: 0o755 });
  }
}

/** The files below a directory of a commit, each with its object; no links, and no modules of git. */
function filesOf(commit, directory) {
  const entries = git("ls-tree", "-r", "-z", "--full-tree", commit, "--", `${directory}/`).split("\0");
  return entries.flatMap((entry) => {
    const [, object, path] = /^100(?:644|755) blob ([0-9a-f]+)\t(.+)$/s.exec(entry) ?? [];
    return path === undefined ? [] : [{ path, object }];
  });
}

function npm(args, cwd) {
  const { status, error } = spawnSync("npm", args, { cwd, stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) {
    console.error(`npm ${args.join(" ")} failed${error ? `: ${error.message}` : ""}`);
    process.exit(status ?? 1);
  }
}

/** Reads files of a commit. A first commit that was pushed has none before it: it is what later ones are compared with. */
function readCommit(commit) {
  const has = (object) => spawnSync("git", ["cat-file", "-e", object], { stdio: "ignore" }).status === 0;
  if (!has(commit) && ["pull_request", "merge_group"].includes(process.env.GITHUB_EVENT_NAME)) {
    refuse("git", `${commit} is not there, so nothing can be compared with it: check out with fetch-depth 2`);
    return () => undefined;
  }
  const read = has(commit) ? commit : "HEAD";
  return (file) => (has(`${read}:${file}`) ? git("show", `${read}:${file}`) : undefined);
}

/** A file of the working tree; undefined if there is none. */
function readTree(file) {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) {
    return undefined;
  }
  if (!stat.isFile() || stat.size > MOST_BYTES) {
    refuse(file, "it is not a file of a reasonable size");
    return undefined;
  }
  return readFileSync(file, "utf8");
}

function parse(file, text) {
  if (text === undefined) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    refuse(file, "it is not JSON");
    return undefined;
  }
}

function git(...args) {
  return execFileSync("git", args, { encoding: "utf8", maxBuffer: MOST_BYTES });
}

/** Text that the log of a workflow takes for nothing but text. */
function plain(text) {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/^\s*::/, ": :")
    .replaceAll("##[", "## [");
}
