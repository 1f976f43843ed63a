// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ExplainedError } from "../../explained-error";
import { isObject, type JsonObject, parseObject } from "../../json-object";
import { hasUnseen } from "../../log-text";
import { pathPattern } from "../files/path-pattern";
import { assertProjectPath } from "../files/project-path";
import type { OwnershipClass } from "../files/ownership";
import type { RenderedFile } from "../files/rendered-file";
import type { Rendering } from "./preview-report";

const FORMAT = 2;
const CLASSES: ReadonlySet<unknown> = new Set<OwnershipClass>(["managed", "seeded", "block", "released"]);

/** A rendering as text, for another process or a later one. Where it is rendered is up to whoever reads it. */
export function writeRendering({ version, migrations, files, releases }: Omit<Rendering, "root">): string {
  const list = [...files.values()].map((file) => ({ ...file, content: file.content.toString("base64") }));
  return JSON.stringify({ format: FORMAT, version, migrations, releases, files: list });
}

/**
 * Reads a rendering. It may come from a process that ran somebody's program: nothing of it is taken for what it should be.
 * @param root directory of the project
 * @throws ExplainedError for a text that is no rendering
 */
export function readRendering(text: string, root: string): Rendering {
  const value = parsed(text);
  const { version, migrations, releases, files } = value;
  if (value.format !== FORMAT || !isLine(version) || !Array.isArray(files)) {
    throw noRendering();
  }
  const rendered = files.map(readFile);
  const patterns = lines(releases);
  refuseHiddenReleases(rendered, patterns);
  return {
    ...{ root, version, migrations: lines(migrations), releases: patterns },
    files: new Map(rendered.map((file) => [file.path, file])),
  };
}

/** What is released is named to whoever reads the report, by the patterns of the option. */
function refuseHiddenReleases(files: readonly RenderedFile[], releases: readonly string[]): void {
  const patterns = releases.map(pathPattern);
  const isHidden = ({ ownership, path }: RenderedFile) =>
    ownership === "released" && !patterns.some((pattern) => pattern.matches(path));
  if (files.some(isHidden)) {
    throw noRendering();
  }
}

function readFile(value: unknown): RenderedFile {
  const { path, ownership, component, options, content, mode, isBlock, position, initial } = isObject(value)
    ? value
    : {};
  assertProjectPath(path);
  if (
    !CLASSES.has(ownership) ||
    !isLine(component) ||
    !(options === undefined || (Array.isArray(options) && options.every(isLine))) ||
    typeof content !== "string" ||
    !(Number.isInteger(mode) && (mode as number) >= 0 && (mode as number) <= 0o777) ||
    !(position === "start" || position === "end") ||
    typeof initial !== "string"
  ) {
    throw noRendering();
  }
  return {
    ...{ path, ownership: ownership as OwnershipClass, component, options, position, initial },
    ...{ content: Buffer.from(content, "base64"), mode: mode as number, isBlock: isBlock === true },
  };
}

function lines(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every(isLine)) {
    throw noRendering();
  }
  return value;
}

/** Text of which no line of a log can be forged. */
function isLine(value: unknown): value is string {
  return typeof value === "string" && !hasUnseen(value);
}

function parsed(text: string): JsonObject {
  const value = parseObject(text);
  if (value === undefined) {
    throw noRendering();
  }
  return value;
}

function noRendering(): ExplainedError {
  return new ExplainedError("what the projenrc handed over is not a rendering of a project, so nothing was compared");
}
