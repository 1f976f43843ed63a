// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { core } from "./core.js";
import { kebab, optionTree, setAt, valueAt } from "./option-tree.js";
import { UserError } from "./user-error.js";

/** @typedef {import("./option-tree.js").OptionDescription} OptionDescription */
/** @typedef {import("./option-tree.js").ValueDescription} ValueDescription */

/**
 * Reads flags of options, one for each: `--aws-region eu-west-1`, `--network.vpc-cidr 10.0.0.0/16`, `--no-monitoring`,
 * `--environment-names dev --environment-names prod`, `--tags.team ml`, and JSON for lists of structs.
 *
 * @param {readonly string[]} words
 * @returns {Record<string, any>} options
 */
export function readOptionFlags(words) {
  /** @type {Record<string, any>} */
  const values = {};
  /** @type {string[]} */
  const problems = [];
  for (let index = 0; index < words.length; index++) {
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(words[index]);
    if (match === null) {
      problems.push(`${JSON.stringify(words[index])} belongs to no flag`);
      continue;
    }
    const [, name, assigned] = match;
    const found = find(name) ?? (name.startsWith("no-") ? find(name.slice(3)) : undefined);
    if (found === undefined) {
      const near = core.nearestKey(name, flagNames());
      problems.push(`there is no flag --${name}${near === undefined ? "" : `; did you mean --${near}?`}`);
      if (assigned === undefined && words[index + 1]?.startsWith("--") === false) {
        index++;
      }
      continue;
    }
    let text = assigned;
    if (found.type.kind === "boolean") {
      text ??= name.startsWith("no-") && find(name) === undefined ? "false" : "true";
    } else if (text === undefined) {
      text = words[++index];
      if (text === undefined || text.startsWith("--")) {
        problems.push(`--${name} needs a value`);
        index--;
        continue;
      }
    }
    try {
      const earlier = valueAt(values, found.path);
      const value = parseValue(text, found.type);
      const isItem = found.type.kind === "list" && Array.isArray(earlier) && Array.isArray(value);
      setAt(values, found.path, isItem ? [...earlier, ...value] : value);
    } catch (error) {
      problems.push(`--${name}: ${/** @type {Error} */ (error).message}`);
    }
  }
  if (problems.length > 0) {
    throw new UserError(`${problems.join("\n")}\n\n"generator-ray-platform --help" lists them all.`);
  }
  return values;
}

/**
 * A value of a type, from text as it is typed.
 * @param {string} text @param {ValueDescription} type @returns {unknown}
 */
export function parseValue(text, type) {
  switch (type.kind) {
    case "text":
    case "enum":
      return text;
    case "number": {
      const number = Number(text);
      // What is no number is left for the core to refuse, in its own words.
      return text.trim() === "" || Number.isNaN(number) ? text : number;
    }
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "list":
      return isPlain(type.element) && !text.trim().startsWith("[")
        ? text
            .split(",")
            .map((item) => item.trim())
            .filter((item) => item !== "")
            .map((item) => parseValue(item, type.element))
        : parseJson(text);
    default:
      return parseJson(text);
  }
}

/** @param {string} text */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${JSON.stringify(text)} is not JSON`);
  }
}

/** Whether a value is one word. @param {ValueDescription} type */
export function isPlain(type) {
  return ["text", "number", "boolean", "enum"].includes(type.kind);
}

/** Every flag that a single word or JSON can be given to. @returns {string[]} */
export function flagNames() {
  return flagList().map(({ flag }) => flag);
}

/** Every flag with the option behind it. */
export function flagList() {
  /** @type {{ flag: string, option: OptionDescription }[]} */
  const flags = [];
  /** @param {readonly OptionDescription[]} options @param {string} prefix */
  const add = (options, prefix) => {
    for (const option of options) {
      const flag = prefix + kebab(option.name);
      flags.push({ flag, option });
      if (option.type.kind === "struct") {
        add(option.type.options, `${flag}.`);
      }
    }
  };
  add(optionTree(), "");
  return flags;
}

/**
 * @param {string} flag
 * @returns {{ path: string[], type: ValueDescription } | undefined}
 */
function find(flag) {
  const path = [];
  /** @type {ValueDescription} */
  let type = { kind: "struct", name: "", options: optionTree() };
  for (const part of flag.split(".")) {
    if (type.kind === "struct") {
      /** @type {{ name: string, type: ValueDescription } | undefined} */
      const option = type.options.find(({ name }) => name === part || kebab(name) === part);
      if (option === undefined) {
        return undefined;
      }
      path.push(option.name);
      type = option.type;
    } else if (type.kind === "map") {
      path.push(part);
      type = type.element;
    } else {
      return undefined;
    }
  }
  return { path, type };
}
