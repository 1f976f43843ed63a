// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { exec } from "../command.mjs";

const SECONDS = 120;

/**
 * What a source answered.
 * @typedef {{ status: number, headers: Headers, bytes: Buffer }} Answer
 *
 * Where answers come from: the network, or a recording.
 * @typedef {object} Transport
 * @property {(url: string, request: { method: string, headers: Record<string, string>, body?: string }) => Promise<Answer>} ask
 * @property {(program: string, args: readonly string[]) => Promise<string>} run what a program prints
 */

/** @returns {Transport} */
export function network(environment = process.env) {
  return {
    async ask(url, { method, headers, body }) {
      const token = new URL(url).host === "api.github.com" ? environment.GH_TOKEN : undefined;
      const authorization = token ? { authorization: `Bearer ${token}` } : {};
      const signal = AbortSignal.timeout(SECONDS * 1000);
      const answer = await fetch(url, { method, body, headers: { ...authorization, ...headers }, signal });
      return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
    },
    run: async (program, args) => (await exec(program, [...args])).stdout,
  };
}

/** Asks sources, and refuses an answer that has not the form that they document. */
export class Source {
  #transport;
  #ajv = new Ajv({ allErrors: true, strict: false });

  /** @param {Transport} transport */
  constructor(transport) {
    this.#transport = transport;
  }

  /** @throws Error unless it answers with 200 */
  async answer(url, { method = "GET", headers = {}, body } = {}) {
    const answer = await this.#transport.ask(url, { method, headers, body }).catch((error) => {
      throw new Error(`${url} does not answer: ${error.cause?.message ?? error.message}`);
    });
    if (answer.status !== 200) {
      throw new Error(`${url} answers with ${answer.status}, not 200`);
    }
    return answer;
  }

  async bytes(url, request) {
    return (await this.answer(url, request)).bytes;
  }

  async text(url, request) {
    return (await this.bytes(url, request)).toString("utf8");
  }

  /** @param {object} schema JSON schema of the parts that are read */
  async json(url, schema, request) {
    return this.#shaped(url, parsed(url, JSON.parse, await this.text(url, request)), schema);
  }

  async yaml(url, schema, request) {
    return this.#shaped(url, parsed(url, parse, await this.text(url, request)), schema);
  }

  /** What a program prints as JSON. */
  async commandJson(program, args, schema) {
    const name = [program, ...args].join(" ");
    return this.#shaped(name, parsed(name, JSON.parse, await this.#transport.run(program, args)), schema);
  }

  /** JSON that an answer holds as a text. */
  textJson(name, text, schema) {
    return this.#shaped(name, parsed(name, JSON.parse, text), schema);
  }

  /** A file whose checksum is known from elsewhere. */
  async checkedBytes(url, sha256, request) {
    const bytes = await this.bytes(url, request);
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== sha256) {
      throw new Error(`${url} has the SHA-256 ${found}, and ${sha256} is what its index says`);
    }
    return bytes;
  }

  /** An archive whose checksum is known from elsewhere, unpacked into a directory. */
  async archive(url, sha256, request) {
    const bytes = await this.checkedBytes(url, sha256, request);
    const directory = mkdtempSync(join(tmpdir(), "refresh-"));
    const file = join(directory, "archive.tgz");
    const contents = join(directory, "contents");
    writeFileSync(file, bytes);
    mkdirSync(contents);
    await exec("tar", ["-xzf", file, "-C", contents]);
    return contents;
  }

  #shaped(name, value, schema) {
    const validate = this.#ajv.compile(schema);
    if (!validate(value)) {
      const [{ instancePath, message }] = validate.errors;
      throw new Error(`${name} has changed its form: ${instancePath || "the answer"} ${message}`);
    }
    return value;
  }
}

function parsed(name, parser, text) {
  try {
    return parser(text);
  } catch (error) {
    throw new Error(`${name} has changed its form: ${error.message.split("\n")[0]}`);
  }
}

/** Schema of an object of which these members are read. */
export function members(properties) {
  return { type: "object", required: Object.keys(properties), properties };
}

/** Schema of a list or a map that is not empty. */
export const listOf = (items) => ({ type: "array", minItems: 1, items });
export const mapOf = (additionalProperties) => ({ type: "object", minProperties: 1, additionalProperties });
export const TEXT = { type: "string", minLength: 1 };
export const SHA256 = { type: "string", pattern: "^(?:sha256:)?[0-9a-f]{64}$" };
export const COMMIT = { type: "string", pattern: "^[0-9a-f]{40}$" };
