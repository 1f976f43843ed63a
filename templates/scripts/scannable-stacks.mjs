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
/** Options of the scanners whose exceptions are written beside resources. */
const OPTIONS = { Checkov: "checkov", tfsec: "tfsec", Trivy: "trivy" };
const BLOCK = /^(resource|data) "([^"]+)" "([^"]+)" \{$/;

/** What is wrong with what the scanners get of these files, each a path below cdktf.out and its content; undefined if nothing is. */
export function problemOfScannable(files) {
  const contents = new Map(files);
  const stranger = files.map(([path]) => path).find((path) => isStranger(path, contents));
  if (stranger !== undefined) {
    return `${stranger} would be scanned, but belongs to no stack`;
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
  const problem = unscanned(addresses, found) ?? undeployed(addresses, found) ?? silenced(lines);
  return problem && `${name}: ${problem}`;
}

function unscanned(addresses, found) {
  const scanned = new Set(found);
  const missing = addresses.find((address) => !scanned.has(address));
  return missing && `${shown(missing)} is deployed, and no scanner would see it`;
}

function undeployed(addresses, found) {
  const deployed = new Set(addresses);
  const seen = new Set();
  for (const address of found) {
    if (!deployed.has(address)) {
      return `${shown(address)} is scanned but not deployed`;
    }
    if (seen.has(address)) {
      return `${shown(address)} is scanned more than once`;
    }
    seen.add(address);
  }
  return undefined;
}

function silenced(lines) {
  const comments = commentsIn("main.tf", lines.join("\n"));
  const allowed = comments.length === 0 ? new Set() : allowedLines();
  const found = comments.find(({ line }) => !allowed.has(lines[line - 1].trim()));
  if (found === undefined) {
    return undefined;
  }
  const option = OPTIONS[found.tool];
  const remedy = option === undefined ? "" : `: add one to workflows.${option}.exceptions in .projenrc.ts`;
  return `'${found.text}' silences ${found.tool}, and no exception in the options allows it${remedy}`;
}

/** An address as Terraform writes it. */
function shown(address) {
  return address.replace(/^resource\./, "");
}

function addressesIn(stack) {
  return ["resource", "data"].flatMap((kind) =>
    Object.entries(stack?.[kind] ?? {})
      .filter(([type]) => type !== NOT_SCANNED)
      .flatMap(([type, resources]) => Object.keys(resources ?? {}).map((name) => `${kind}.${type}.${name}`)),
  );
}

/** The lines that src/platform/exception-comments.ts writes; keep the two alike. */
function allowedLines() {
  const { exceptions } = readObject(EXCEPTIONS, SHAPE);
  return new Set(
    exceptions.map(({ scanner, id, reason, expires }) =>
      scanner === "checkov" ? `#checkov:skip=${id}:${reason}` : `#${scanner}:ignore:${id}:exp:${expires}`,
    ),
  );
}
