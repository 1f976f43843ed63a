// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Holds what the scanners read against what Terraform deploys. Both come of the same code, which is the change's own: it could leave a
// resource out of what is scanned, or silence a scanner there.
import { hclBlocks } from "./hcl-blocks.mjs";
import { commentsIn } from "./inline-suppressions.mjs";
import { isObject, parseJson, readObject } from "./read-json.mjs";

const EXCEPTIONS = "src/platform/scanner-exceptions.json";
const SHAPE = { exceptions: [{ scanner: "", id: "", resource: "", reason: "", expires: "" }] };
const SCANNABLE = /^scannable\/([^/]+)\/(.+)$/;
const STACK = /^stacks\/([^/]+)\/cdk\.tf\.json$/;
/** Outputs of another stack. No provider has it, and no scanner has a check for it; the policies judge where it is read from. */
const NOT_SCANNED = "terraform_remote_state";
/** Options of the scanners whose exceptions are written beside resources. */
const OPTIONS = { Checkov: "checkov", tfsec: "tfsec", Trivy: "trivy" };
/** Of the comments that silence something, those that these scanners heed in HCL. An annotation of Checkov's counts in manifests alone. */
const HEEDED = /^(?!\w+\.io\/)/;
const REMEDY = "add it as a construct of its provider, to a stack directly below the app";

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
  const text = (scanned ?? "").toString("utf8");
  const stack = deployed.toString("utf8");
  const json = parseJson(stack);
  const problem = problemOfJson(stack, json) ?? problemOfText(addressesIn(json), text);
  return problem && `${name}: ${problem}`;
}

/** Terraform takes lists where objects are expected, and every one of several keys of one name: what is read here would not be all. */
function problemOfJson(text, stack) {
  const blocks = ["resource", "data"].flatMap((kind) => objectsBelow(kind, stack?.[kind] ?? {}, 2));
  const [other] = [["the stack", stack], ...blocks].find(([, value]) => !isObject(value)) ?? [];
  if (other !== undefined) {
    return `${other} is not an object`;
  }
  const strings = [...text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)];
  return strings.filter(([, colon]) => colon !== undefined).length === keysIn(stack)
    ? undefined
    : "an object has a key twice";
}

function objectsBelow(path, value, depth) {
  const below = depth > 0 && isObject(value) ? Object.entries(value) : [];
  return [[path, value], ...below.flatMap(([key, inner]) => objectsBelow(`${path}.${key}`, inner, depth - 1))];
}

function keysIn(value) {
  if (typeof value !== "object" || value === null) {
    return 0;
  }
  const inner = Object.values(value).reduce((sum, item) => sum + keysIn(item), 0);
  return inner + (Array.isArray(value) ? 0 : Object.keys(value).length);
}

function problemOfText(addresses, text) {
  const comments = commentsIn("main.tf", text).filter(
    ({ tool, text: found }) => Object.hasOwn(OPTIONS, tool) && HEEDED.test(found),
  );
  const exceptions = text.includes("#") || comments.length > 0 ? exceptionLines() : [];
  const problem = silenced(comments, text.split("\n"), exceptions);
  if (problem !== undefined) {
    return problem;
  }
  const allowed = new Set(exceptions.flat());
  const { addresses: found, problem: stranger } = hclBlocks(text, (line) => allowed.has(line));
  return stranger ?? unscanned(addresses, found) ?? undeployed(addresses, found);
}

function unscanned(addresses, found) {
  const scanned = new Set(found);
  const missing = addresses.find((address) => !scanned.has(address));
  return missing && `${shown(missing)} is deployed, and no scanner would see it: ${REMEDY}`;
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

function silenced(comments, lines, exceptions) {
  const allowed = new Set(exceptions.map(([line]) => line));
  const found = comments.find(({ line }) => !allowed.has(lines[line - 1].trim()));
  return (
    found &&
    `'${found.text}' silences ${found.tool}, and no exception in the options allows it: ` +
      `add one to workflows.${OPTIONS[found.tool]}.exceptions in .projenrc.ts`
  );
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

/** The lines that src/platform/exception-comments.ts writes of each exception: the one that a scanner heeds, and the reason. */
function exceptionLines() {
  const { exceptions } = readObject(EXCEPTIONS, SHAPE);
  return exceptions.map(({ scanner, id, reason, expires }) =>
    scanner === "checkov"
      ? [`#checkov:skip=${id}:${reason}`.trim()]
      : [`#${scanner}:ignore:${id}:exp:${expires}`.trim(), `# ${reason}`.trim()],
  );
}
