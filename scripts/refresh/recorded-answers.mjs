// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Answers that lie in files, for tests. A file has `answers` by URL and `commands` by what is typed: each is `json`, or
 * `text`, or the `archive` that its files become, or the `directory` that a command names as Dir; `headers` and `status` if
 * they matter. `{sha256 URL}` in an answer stands for the checksum of another; `at` is an address with a checksum of its own,
 * `{sha256}`. `byPackage` answers a batch of queries for packages.
 *
 * @param {string} directory
 * @returns {{ day: string, transport: import("./source.mjs").Transport }}
 */
export function recordedAnswers(directory) {
  const files = readdirSync(directory).filter((name) => name.endsWith(".json"));
  const recordings = files.map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")));
  const answers = Object.assign({}, ...recordings.map((recording) => recording.answers));
  const commands = Object.assign({}, ...recordings.map((recording) => recording.commands));
  const bytes = new Map();
  const bytesOf = (url) => {
    if (!bytes.has(url)) {
      bytes.set(url, content(answers[url] ?? {}));
    }
    return bytes.get(url);
  };

  const addresses = new Map(
    Object.entries(answers).map(([url, { at }]) => [at?.replace("{sha256}", checksum(url)) ?? url, url]),
  );

  function checksum(url) {
    return createHash("sha256").update(bytesOf(url)).digest("hex");
  }

  function content({ json, text, archive }) {
    if (archive !== undefined) {
      return packed(archive);
    }
    const written = text ?? JSON.stringify(json ?? "");
    return Buffer.from(written.replace(/\{sha256 (.*?)\}/g, (_, url) => checksum(url)));
  }

  return {
    day: recordings.find(({ day }) => day !== undefined)?.day ?? "",
    transport: {
      async ask(address, { body }) {
        const url = addresses.get(address);
        const answer = answers[url];
        const headers = Object.entries(answer?.headers ?? {}).map(([name, value]) => [
          name,
          value.replace("{sha256}", checksum(url)),
        ]);
        const status = answer === undefined ? 404 : (answer.status ?? 200);
        const bytes = answer?.byPackage === undefined ? bytesOf(url) : batch(answer.byPackage, JSON.parse(body));
        return { status, headers: new Headers(headers), bytes };
      },
      async run(program, args) {
        const name = [program, ...args].join(" ");
        const answer = commands[name];
        if (answer === undefined) {
          throw new Error(`${name} is not recorded`);
        }
        return answer.directory === undefined
          ? content(answer).toString("utf8")
          : JSON.stringify({ Dir: laidDown(answer.directory), Sum: "h1:recorded" });
      },
    },
  };
}

function batch(byPackage, { queries }) {
  const results = queries.map(({ package: { name } }) => (byPackage[name] ? { vulns: byPackage[name] } : {}));
  return Buffer.from(JSON.stringify({ results }));
}

/** A directory with these files; what is no text is JSON. */
function laidDown(files) {
  const directory = mkdtempSync(join(tmpdir(), "recorded-"));
  for (const [path, value] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  }
  return directory;
}

function packed(files) {
  const { status, stdout, stderr } = spawnSync("tar", ["-czf", "-", "-C", laidDown(files), "."], {
    maxBuffer: 1 << 28,
  });
  if (status !== 0) {
    throw new Error(`tar: ${stderr}`);
  }
  return stdout;
}
