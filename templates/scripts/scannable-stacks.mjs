// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Holds what the scanners read against what Terraform deploys. Both come of the same code, which is the change's own: it could leave a
// resource out of what is scanned, or silence a scanner there.
import { commentsIn } from "./inline-suppressions.mjs";
import { parseJson, readObject } from "./read-json.mjs";

const EXCEPTIONS = "src/platform/scanner-exceptions.json";
const SHAPE = { exceptions: [{ scanner: "", id: "", resource: "", reason: "", expires: "" }] };
const SCANNABLE = /^scannable\/([^/]+)\/(.+)$/;
const STACK = /^stacks\/([^/]+)\/cdk\.tf\.json$/;
/** Outputs of another stack. No provider has it, and no scanner has a check for it; the policies judge where it is read from. */
const NOT_SCANNED = "terraform_remote_state";
const BLOCK = /^(resource|data) "([^"]+)" "([^"]+)" \{$/;

/** What is wrong with what the scanners get of these files, each a path below cdktf.out and its content; undefined if nothing is. */
export function problemOfScannable(files) {
  const contents = new Map(files);
  const stranger = files.map(([path]) => path).find((path) => isStranger(path, contents));
  if (stranger !== undefined) {
    return `${stranger} would be scanned and is of no stack`;
  }
  const stacks = files.flatMap(([path]) => STACK.exec(path)?.[1] ?? []);
  const problems = stacks.map((name) =>
    problemOfStack(name, contents.get(`stacks/${name}/cdk.tf.json`), contents.get(`scannable/${name}/main.tf`)),
  );
  return problems.find((problem) => problem !== undefined);
}

function isStranger(path, contents) {
  const [, name, file] = SCANNABLE.exec(path) ?? [];
  return name !== undefined && (file !== "main.tf" || !contents.has(`stacks/${name}/cdk.tf.json`));
}

function problemOfStack(name, deployed, scanned) {
  const lines = (scanned ?? "").toString("utf8").split("\n");
  const found = lines.flatMap((line) => (BLOCK.test(line) ? [BLOCK.exec(line).slice(1).join(".")] : []));
  const addresses = addressesIn(parseJson(deployed.toString("utf8")));
  const missing = addresses.find((address) => !found.includes(address));
  if (missing !== undefined) {
    return `${name}: ${missing.replace(/^resource\./, "")} is deployed, and no scanner would see it`;
  }
  const other = found.find((address, index) => !addresses.includes(address) || found.indexOf(address) < index);
  if (other !== undefined) {
    return `${name}: ${other.replace(/^resource\./, "")} is scanned, and not or not so often deployed`;
  }
  const comments = commentsIn("main.tf", lines.join("\n"));
  const allowed = comments.length === 0 ? new Set() : allowedLines();
  const silencing = comments.find(({ line }) => !allowed.has(lines[line - 1].trim()));
  return (
    silencing && `${name}: '${silencing.text}' silences ${silencing.tool}, and no exception of the options says so`
  );
}

function addressesIn(stack) {
  return ["resource", "data"].flatMap((kind) =>
    Object.entries(stack?.[kind] ?? {})
      .filter(([type]) => type !== NOT_SCANNED)
      .flatMap(([type, resources]) => Object.keys(resources ?? {}).map((name) => `${kind}.${type}.${name}`)),
  );
}

/** How exceptions stand beside resources. */
function allowedLines() {
  const { exceptions } = readObject(EXCEPTIONS, SHAPE);
  return new Set(
    exceptions.map(({ scanner, id, reason, expires }) =>
      scanner === "checkov" ? `#checkov:skip=${id}:${reason}` : `#${scanner}:ignore:${id}:exp:${expires}`,
    ),
  );
}
