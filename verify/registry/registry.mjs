// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const DAY = 24 * 60 * 60 * 1000;

/**
 * An npm registry on loopback. It keeps what is published here, and passes everything else on to the registry that npm is
 * configured with.
 *
 * @typedef {object} Registry
 * @property {Record<string, string>} env with which npm uses it, with a cache of its own
 * @property {(directoryOrTarball: string) => Promise<void>} publish
 * @property {(name: string, version: string, days: number) => void} setBack makes a version some days older than it is
 * @property {() => Promise<void>} stop
 *
 * @param {{ program: string, directory: string, exec: typeof import("../../scripts/command.mjs").exec }} options
 * @returns {Promise<Registry>}
 */
export async function startRegistry({ program, directory, exec }) {
  const storage = join(directory, "storage");
  mkdirSync(storage, { recursive: true });
  const { stdout: uplink } = await exec("npm", ["config", "get", "registry"]);
  const configuration = join(directory, "config.yaml");
  writeFileSync(configuration, JSON.stringify(settings(storage, uplink.trim())));
  const port = await freePort();
  const log = join(directory, "registry.log");
  const output = openSync(log, "a");
  const child = spawn(process.execPath, [program, "--config", configuration, "--listen", `127.0.0.1:${port}`], {
    stdio: ["ignore", output, output],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}/`;
  await untilItAnswers(url, child, log);

  const userconfig = join(directory, "npmrc");
  // npm publishes for a name only; the registry asks for none.
  writeFileSync(userconfig, `registry=${url}\n//127.0.0.1:${port}/:_authToken=nobody\n`);
  const env = {
    npm_config_userconfig: userconfig,
    npm_config_registry: url,
    npm_config_cache: join(directory, "cache"),
    // Loopback speaks http, and a lock file that names a registry by http is refused, as it should be.
    npm_config_omit_lockfile_registry_resolved: "true",
  };
  return {
    env,
    async publish(directoryOrTarball) {
      await exec("npm", ["publish", "--ignore-scripts", "--access", "public", directoryOrTarball], { env });
    },
    setBack(name, version, days) {
      const file = join(storage, name, "package.json");
      const document = JSON.parse(readFileSync(file, "utf8"));
      const time = new Date(Date.now() - days * DAY).toISOString();
      Object.assign(document.time, { [version]: time, modified: new Date().toISOString() });
      document.time.created = Object.values(document.time).sort()[0];
      writeFileSync(file, JSON.stringify(document));
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** JSON is YAML. */
function settings(storage, uplink) {
  const own = { access: "$all", publish: "$all", unpublish: "$all" };
  return {
    storage,
    // What others publish meanwhile is of no interest: nothing is asked for twice.
    uplinks: { configured: { url: uplink, timeout: "60s", maxage: "1h", agent_options: { keepAlive: true } } },
    packages: {
      "ray-platform": own,
      "generator-ray-platform": own,
      "**": { access: "$all", proxy: "configured" },
    },
    max_body_size: "100mb",
    log: { type: "stdout", format: "pretty", level: "warn" },
  };
}

async function untilItAnswers(url, child, log) {
  for (let attempt = 0; attempt < 240 && child.exitCode === null; attempt++) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    await sleep(250);
  }
  child.kill();
  throw new Error(`the registry does not answer:\n${existsSync(log) ? readFileSync(log, "utf8").slice(-2000) : ""}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
