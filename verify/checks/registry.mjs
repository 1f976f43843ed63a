// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GIT_IDENTITY } from "../../scripts/generate.mjs";
import { packGenerator } from "../../scripts/pack-generator.mjs";
import { packVersion } from "../../scripts/release/versioned-package.mjs";
import { FIRST, SECOND, twoVersions } from "../fleet/two-versions.mjs";
import { startRegistry } from "../registry/registry.mjs";
import { assertRegenerates, inOwnDirectory } from "../repositories.mjs";

/** As long as upgrade.yml waits. */
const COOLDOWN = 7 * 24 * 60 * 60 * 1000;
const WITHDRAWN = "0.3.0";
const BROKEN = { "0.4.0": "lib/index.js", "0.5.0": ".jsii" };

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

    log("projen new --from ray-platform");
    const platform = await walk.projenNew("platform", "ray-platform");
    await exec("npx", ["projen", "build"], { cwd: platform, env: registry.env, note: log });
    walk.assertVersion(platform, FIRST, "made");

    log("upgrades");
    await registry.publish(second);
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

    log("npx generator-ray-platform");
    await walk.generator("asked");
    for (const [version, file] of Object.entries(BROKEN)) {
      await walk.assertBroken(first, version, file);
    }
    return `${FIRST} and ${SECOND} of both packages published, installed by name, built and upgraded within the cool-down and after it; a withdrawn version is left with what it says; packages without ${Object.values(BROKEN).join(" or ")} are noticed`;
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

  /**
   * Updates as the first job of upgrade.yml does: to the newest version that has cooled down.
   * @returns {Promise<string>} the notes for the pull request
   */
  async upgrade(directory) {
    const before = new Date(Date.now() - COOLDOWN).toISOString().replace(/\.\d+/, "");
    const notes = join(this.base, "notes.md");
    await this.context.exec("npx", ["ray-platform", "update", "--notes", notes], {
      cwd: directory,
      env: { ...this.registry.env, npm_config_before: before, npm_config_ignore_scripts: "true" },
      note: this.context.log,
    });
    return readFileSync(notes, "utf8");
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

  async assertBroken(source, version, file) {
    const directory = versioned(source, join(this.base, `broken-${version}`), version);
    rmSync(join(directory, file));
    await this.registry.publish(directory);
    this.aged(version, 30);
    const failed = await this.projenNew(`from-${version}`, `ray-platform@${version}`).then(
      () => false,
      () => true,
    );
    if (!failed) {
      throw new Error(`a package without ${file} makes a repository all the same`);
    }
  }

  emptyDirectory(name) {
    const directory = join(this.base, name);
    mkdirSync(directory);
    return directory;
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
