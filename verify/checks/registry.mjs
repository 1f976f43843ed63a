// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { GIT_IDENTITY } from "../../scripts/generate.mjs";
import { packGenerator } from "../../scripts/pack-generator.mjs";
import { packVersion } from "../../scripts/release/versioned-package.mjs";
import { FIRST, rewrite, SECOND, twoVersions } from "../fleet/two-versions.mjs";
import { startRegistry } from "../registry/registry.mjs";
import { assertRegenerates, inOwnDirectory } from "../repositories.mjs";
import { findJob, runStep } from "../workflows/run-step.mjs";

/** As long as upgrade.yml waits. */
const COOLDOWN = 7 * 24 * 60 * 60 * 1000;
const WITHDRAWN = "0.3.0";

/** Ways to break a package that npm publishes all the same, and what stops whoever takes it. */
const BREAKS = {
  "0.4.0": {
    what: "without its entry point",
    plant: (directory) => rmSync(join(directory, "lib/index.js")),
    said: /lib\/index\.js'?\. Please verify that the package\.json has a valid "main" entry/,
  },
  "0.5.0": {
    what: "whose .jsii does not say that its project type is one",
    plant: (directory) => rewrite(join(directory, ".jsii"), '"base": "projen.Project"', '"base": ""'),
    said: /No project types found/,
  },
  "0.6.0": {
    what: "without the templates of stacks",
    plant: (directory) => rmSync(join(directory, "templates/src"), { recursive: true }),
    said: /ENOENT: no such file or directory, scandir '.*templates\/src'/,
  },
};

export default {
  id: "registry",
  title: "From a registry, by name: a repository, its upgrade within the cool-down and after it, a withdrawn version",
  tools: ["verdaccio"],
  run: (context) => inOwnDirectory("registry", (directory) => check(context, directory)),
};

async function check(context, base) {
  const { exec, log, tools } = context;

  const tarball = await packVersion(base, FIRST, log);
  const [first, second] = twoVersions(tarball, join(base, "versions"));
  const registry = await startRegistry({ program: tools.verdaccio, directory: join(base, "registry"), exec });
  try {
    const walk = new Walk(context, registry, base);
    await registry.publish(tarball);
    await registry.publish(await packGenerator(base, log, FIRST));
    walk.aged(FIRST, 30);

    log("projen new --from ray-platform, and npx generator-ray-platform");
    const [platform] = await Promise.all([walk.builtPlatform("platform"), walk.generator("asked")]);
    walk.assertVersion(platform, FIRST, "made");

    log("upgrades");
    await registry.publish(second);
    await registry.publish(await packGenerator(join(base, "second"), log, SECOND));
    await walk.upgrade(platform);

    walk.assertVersion(platform, FIRST, "upgraded within the cool-down");
    await walk.assertClean(platform, "within the cool-down");
    walk.aged(SECOND, 8);
    const text = await walk.upgrade(platform);
    walk.assertVersion(platform, SECOND, "upgraded after the cool-down");
    assertSays(
      text,
      ["the build workflow changed", "the guide to custom policies moved"],
      "the text of the pull request",
    );
    await assertRegenerates(exec, platform, registry.env);

    await withdrawnVersion(walk, registry, platform, second, join(base, "withdrawn"));

    log("broken packages");
    for (const [version, planted] of Object.entries(BREAKS)) {
      await walk.publishBroken(first, version, planted);
    }
    await Promise.all(Object.entries(BREAKS).map(([version, planted]) => walk.assertBroken(version, planted)));
    return `${FIRST} and ${SECOND} of both packages published, installed by name, built and upgraded as upgrade.yml does; a withdrawn version is left with what it says; a package is noticed ${Object.values(
      BREAKS,
    )
      .map(({ what }) => what)
      .join(", ")}`;
  } finally {
    await registry.stop();
  }
}

/** A version that was warned of, taken nevertheless, and then withdrawn: the way back is the one that is told. */
async function withdrawnVersion(walk, registry, platform, source, directory) {
  walk.context.log("a withdrawn version");
  await registry.publish(versioned(source, directory, WITHDRAWN));
  walk.aged(WITHDRAWN, 8);
  await walk.npm("deprecate", `ray-platform@${WITHDRAWN}`, "its network policy is open");
  const { output } = await walk.update(platform, []);
  assertSays(output, ["its network policy is open"], "the update to a deprecated version");
  walk.assertVersion(platform, WITHDRAWN, "updated");
  await walk.commit(platform);

  await walk.npm("unpublish", `ray-platform@${WITHDRAWN}`);
  const stuck = await walk.update(platform, []);
  if (stuck.code !== 1) {
    throw new Error(`an update from a withdrawn version ended with ${stuck.code}, not 1:\n${stuck.output}`);
  }
  const [, command] = /"npx ray-platform (update --to [\d.]+)"/.exec(stuck.output) ?? [];
  if (command !== `update --to ${SECOND}`) {
    throw new Error(`an update from a withdrawn version does not say what to type:\n${stuck.output}`);
  }
  await walk.update(platform, command.split(" ").slice(1));
  walk.assertVersion(platform, SECOND, "moved away from the withdrawn version");
  await assertRegenerates(walk.context.exec, await walk.commit(platform), registry.env);
}

/** What a user does, step after step, with the registry. */
class Walk {
  constructor(context, registry, base) {
    this.context = context;
    this.registry = registry;
    this.base = base;
    this.runners = 1;
    this.projen = JSON.parse(readFileSync(join(context.repo, "data", "toolchain.json"), "utf8")).projen;
  }

  aged(version, days) {
    this.registry.setBack("ray-platform", version, days);
  }

  npm(...args) {
    return this.context.exec("npm", [...args, "--force"], { env: this.registry.env, cwd: this.base });
  }

  async projenNew(name, spec) {
    const directory = this.emptyDirectory(name);
    const args = ["--yes", `projen@${this.projen}`, "new", "--projen-version", this.projen, "--from", spec];
    const env = { ...this.registry.env, ...GIT_IDENTITY };
    await this.context.exec("npx", [...args, "--aws-region", "eu-west-1", "--github-owner", "acme"], {
      cwd: directory,
      env,
      note: this.context.log,
    });
    return directory;
  }

  async builtPlatform(name) {
    const directory = await this.projenNew(name, "ray-platform");
    const options = { cwd: directory, env: this.registry.env, note: this.context.log };
    await this.context.exec("npx", ["projen", "build"], options);
    return directory;
  }

  /**
   * Runs upgrade.yml's steps, each in a checkout of its own as on a runner of its own: the patch is made, and made again.
   * @returns {Promise<string>} the text of the pull request; empty if nothing changes
   */
  async upgrade(directory) {
    const BEFORE = new Date(Date.now() - COOLDOWN).toISOString().replace(/\.\d+/, "");
    const { runnerTemp, outputs } = await this.step(directory, "Move to the newest version that has cooled down", {
      BEFORE,
    });
    const upgrade = { unpacked: { upgrade: join(runnerTemp, "upgrade") } };
    const DIGEST = outputs.digest;
    const verified = {
      BEFORE,
      DIGEST,
      REGISTRIES_WITHOUT_SIGNATURES: new URL(this.registry.env.npm_config_registry).host,
    };
    const verify = "Judge the update, verify what was published, and render again";
    const { tree: TREE } = (await this.step(directory, verify, verified, upgrade)).outputs;
    const check = await this.step(
      directory,
      "Compare with what was verified, and judge each path",
      { DIGEST, TREE },
      upgrade,
    );
    if (check.outputs.present !== "true") {
      return "";
    }
    // What merging the pull request gives.
    await this.context.exec("git", ["apply", "--index", join(runnerTemp, "upgrade", "upgrade.patch")], {
      cwd: directory,
    });
    await this.commit(directory);
    rmSync(join(directory, "node_modules"), { recursive: true });
    await this.install(directory);
    return readFileSync(join(check.runnerTemp, "body.md"), "utf8");
  }

  /** Runs one step of upgrade.yml in a clean checkout. @throws Error if it fails */
  async step(directory, step, env, more = {}) {
    const checkout = join(this.base, `runner-${this.runners++}`);
    await this.context.exec("git", ["clone", "--quiet", directory, checkout]);
    await this.install(checkout);
    const output = join(this.base, `output-${this.runners}`);
    const ended = runStep({
      directory: checkout,
      workflow: "upgrade.yml",
      job: findJob(checkout, "upgrade.yml", step),
      step,
      env: { ...this.registry.env, ...env, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: `${output}.md` },
      ...more,
    });
    if (ended.code !== 0) {
      throw new Error(`upgrade.yml, "${step}", ended with ${ended.code}:\n${ended.output}`);
    }
    return { ...ended, outputs: outputsIn(output) };
  }

  /** What `npm ci` installs into a clean checkout; once for each commit, as it is the same on every runner. */
  async install(directory) {
    const { stdout } = await this.context.exec("git", ["rev-parse", "HEAD"], { cwd: directory });
    const installed = join(this.base, `installed-${stdout.trim()}`);
    if (!existsSync(installed)) {
      await this.context.exec("git", ["clone", "--quiet", directory, installed]);
      const options = { cwd: installed, env: this.registry.env, note: this.context.log };
      await this.context.exec("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], options);
    }
    linkedTree(join(installed, "node_modules"), join(directory, "node_modules"));
  }

  /** @returns {Promise<{ code: number, output: string }>} however it ended */
  update(directory, args) {
    const options = { cwd: directory, env: this.registry.env, note: this.context.log };
    return this.context.exec("npx", ["ray-platform", "update", ...args], options).then(
      ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
      ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
    );
  }

  assertVersion(directory, version, how) {
    const { generator } = JSON.parse(readFileSync(join(directory, ".ray-platform", "lock.json"), "utf8"));
    const { devDependencies } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    if (generator !== version || devDependencies["ray-platform"] !== version) {
      throw new Error(
        `a repository ${how} has ${generator} in its lock and ${devDependencies["ray-platform"]} in package.json, not ${version}`,
      );
    }
  }

  async assertClean(directory, when) {
    const { stdout } = await this.context.exec("git", ["status", "--porcelain"], { cwd: directory });
    if (stdout !== "") {
      throw new Error(`an upgrade ${when} changed files:\n${stdout}`);
    }
  }

  async commit(directory) {
    await this.context.exec("git", ["add", "--all"], { cwd: directory });
    await this.context.exec("git", ["commit", "--quiet", "--allow-empty", "--message", "Upgrade"], {
      cwd: directory,
      env: GIT_IDENTITY,
    });
    return directory;
  }

  async generator(name) {
    const directory = this.emptyDirectory(name);
    await this.context.exec("npx", ["--yes", "generator-ray-platform", "--yes"], {
      cwd: directory,
      env: { ...this.registry.env, ...GIT_IDENTITY },
      note: this.context.log,
    });
    await assertRegenerates(this.context.exec, directory, this.registry.env);
  }

  async publishBroken(source, version, { plant }) {
    const directory = versioned(source, join(this.base, `broken-${version}`), version);
    plant(directory);
    await this.registry.publish(directory);
    this.aged(version, 30);
  }

  async assertBroken(version, { what, said }) {
    const failure = await this.projenNew(`from-${version}`, `ray-platform@${version}`).then(
      () => "it makes a repository all the same",
      (error) => error.message,
    );
    if (!said.test(failure)) {
      throw new Error(`a package ${what} was taken, or failed for another reason:\n${failure}`);
    }
  }

  emptyDirectory(name) {
    const directory = join(this.base, name);
    mkdirSync(directory);
    return directory;
  }
}

/** What a step wrote to GITHUB_OUTPUT. */
function outputsIn(file) {
  return Object.fromEntries(
    readFileSync(file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split(/=(.*)/s)),
  );
}

/** A directory with the same files, which npm replaces and never writes to, except for the list of what is installed. */
function linkedTree(from, to) {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      linkedTree(source, target);
    } else if (entry.isSymbolicLink()) {
      symlinkSync(readlinkSync(source), target);
    } else if (entry.name === ".package-lock.json") {
      copyFileSync(source, target);
    } else {
      linkSync(source, target);
    }
  }
}

/** A copy of an unpacked package with another version. */
function versioned(source, directory, version) {
  cpSync(source, directory, { recursive: true });
  const file = join(directory, "package.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), version }, null, 2));
  return directory;
}

function assertSays(text, sentences, where) {
  for (const sentence of sentences.filter((each) => !text.includes(each))) {
    throw new Error(`${where} do not say "${sentence}":\n${text}`);
  }
}
