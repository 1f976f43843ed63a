// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { core } from "./core.js";
import { parseValue, isPlain } from "./option-flags.js";
import { issuesOf } from "./options-of-run.js";
import { optionTree, pathText, setAt, topLevelOption, valueAt } from "./option-tree.js";
import { Aborted } from "./user-error.js";

/** @typedef {import("./option-tree.js").OptionDescription} OptionDescription */
/** @typedef {import("./option-tree.js").ValueDescription} ValueDescription */
/** @typedef {import("./surroundings.js").Proposal} Proposal */
/** @typedef {import("@yeoman/types").InputOutputAdapter} Adapter */

/** What everybody is asked; all else has a default that works. */
const SHORT_PATH = ["name", "awsRegion", "githubOwner", "environmentNames", "accelerator"];

/** Asks for the options of a platform. Each answer is judged by the code that judges `.projenrc.ts`. */
export class Conversation {
  /**
   * @param {Adapter} adapter
   * @param {{ given: Record<string, any>, proposals: readonly Proposal[], print: (text: string) => void }} start
   */
  constructor(adapter, { given, proposals, print }) {
    this.adapter = adapter;
    this.answers = structuredClone(given);
    this.proposals = [...proposals];
    this.print = print;
    /** Top-level options that have been asked for or given. */
    this.settled = new Set(Object.keys(given));
  }

  /** The short path, and as much of the long one as is chosen. @returns {Promise<Record<string, any>>} options */
  async run() {
    for (const name of SHORT_PATH) {
      if (!this.settled.has(name) && !(name === "environmentNames" && this.settled.has("environments"))) {
        await this.askOption(topLevelOption(name), [name]);
      }
    }
    await this.askFurther();
    await this.settleRest();
    return this.answers;
  }

  /** Lets the user pick among all other options. */
  async askFurther() {
    const open = optionTree().filter(({ name }) => !this.settled.has(name));
    for (const option of await this.pick("further", "Set more? Everything else has a default that works", open)) {
      await this.askOption(option, [option.name]);
    }
  }

  /** Lets the user pick what to answer again. */
  async change() {
    for (const option of await this.pick("change", "Which ones?", optionTree())) {
      await this.askOption(option, [option.name]);
    }
    await this.settleRest();
  }

  /** What is wrong only when all answers stand together is asked again. */
  async settleRest() {
    for (;;) {
      const { issues } = core.judgeOptions(/** @type {any} */ (core.withStatedGpuTypes(this.answers)));
      if (issues.length === 0) {
        return;
      }
      this.print(issues.map(issueText).join("\n"));
      const named = new Set(issues.map(({ path }) => /^\w+/.exec(path)?.[0]));
      // The mistake may lie in another answer than the one that the rule is about.
      const candidates = optionTree().filter(({ name }) => named.has(name) || this.answers[name] !== undefined);
      const wrong = candidates.filter(({ name }) => named.has(name)).map(({ name }) => name);
      for (const option of await this.pick("fix", "Which answers do you want to change?", candidates, wrong)) {
        await this.askOption(option, [option.name]);
      }
    }
  }

  /** @param {OptionDescription} option @param {(string | number)[]} path */
  async askOption(option, path) {
    if (path.length === 1) {
      this.settled.add(option.name);
    }
    if (option.name === "environments" && this.answers.environmentNames !== undefined) {
      // The names are the first thing to say of each; the two options exclude each other.
      this.answers.environments = this.answers.environmentNames.map((/** @type {string} */ name) => ({ name }));
      delete this.answers.environmentNames;
    }
    if (option.type.kind === "struct") {
      await this.askStruct(option.type.options, path, option);
    } else if (option.type.kind === "list" && option.type.element.kind === "struct") {
      await this.askItems(option, option.type.element.options, path);
    } else {
      await this.askValue(option, path);
    }
  }

  /** @param {readonly OptionDescription[]} options @param {(string | number)[]} path @param {OptionDescription} owner */
  async askStruct(options, path, owner) {
    const required = options.filter((option) => option.required);
    for (const option of required) {
      if (valueAt(this.answers, [...path, option.name]) === undefined) {
        await this.askOption(option, [...path, option.name]);
      }
    }
    const rest = options.filter((option) => !option.required);
    for (const option of await this.pick(pathText(path), `${pathText(path)}: ${sentence(owner.summary)}`, rest)) {
      await this.askOption(option, [...path, option.name]);
    }
  }

  /** @param {OptionDescription} option @param {readonly OptionDescription[]} fields @param {(string | number)[]} path */
  async askItems(option, fields, path) {
    let count = (valueAt(this.answers, path) ?? []).length;
    for (let index = 0; index < count; index++) {
      await this.askStruct(fields, [...path, index], option);
    }
    while (
      await this.confirm(`${pathText(path)}[${count}]`, count === 0 ? `Add one of ${pathText(path)}?` : "Another?")
    ) {
      await this.askStruct(fields, [...path, count], option);
      count = (valueAt(this.answers, path) ?? []).length;
    }
  }

  /** One value. An empty answer is the default. @param {OptionDescription} option @param {(string | number)[]} path */
  async askValue(option, path) {
    const name = pathText(path);
    const proposal = this.proposals.find((candidate) => candidate.path === name);
    const suggested = proposal !== undefined && this.isAccepted(path, proposal.value) ? proposal : undefined;
    for (;;) {
      const text = await this.prompt(question(option, name, suggested, (value) => this.problem(option, path, value)));
      const problem = this.problem(option, path, text);
      if (problem === undefined) {
        setAt(this.answers, path, read(text, option.type));
        return;
      }
      this.print(problem);
    }
  }

  /** @param {readonly (string | number)[]} path @param {unknown} value */
  isAccepted(path, value) {
    return this.newIssues(path, value).length === 0;
  }

  /** What is wrong with an answer. @param {OptionDescription} option @param {(string | number)[]} path @param {unknown} text */
  problem(option, path, text) {
    let value;
    try {
      value = read(text, option.type);
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
    if (value === undefined && option.required) {
      return `${pathText(path)} is required`;
    }
    const issues = this.newIssues(path, value);
    return issues.length === 0 ? undefined : issues.map(({ rule, fix }) => `${rule}: ${fix}`).join("; ");
  }

  /**
   * Issues of the value itself. What it means for other answers is settled in the end: here, only this one can be
   * corrected.
   * @param {readonly (string | number)[]} path @param {unknown} value
   */
  newIssues(path, value) {
    const answers = structuredClone(this.answers);
    setAt(answers, path, value);
    return issuesOf(answers).filter((issue) => issue.path.startsWith(pathText(path)));
  }

  /**
   * @param {string} name @param {string} message @param {readonly OptionDescription[]} options
   * @param {readonly string[]} selected names that are selected from the start
   */
  async pick(name, message, options, selected = []) {
    if (options.length === 0) {
      return [];
    }
    const chosen = await this.prompt({
      type: "checkbox",
      name,
      message: `${message} (space selects, Enter goes on)`,
      pageSize: 12,
      choices: options.map((option) => ({
        name: option.name,
        value: option.name,
        checked: selected.includes(option.name),
        description: `${sentence(option.summary)} ${fallbackText(option)}`,
      })),
      default: selected,
    });
    return options.filter((option) => chosen.includes(option.name));
  }

  /** @param {string} name @param {string} message */
  async confirm(name, message) {
    return (await this.prompt({ type: "confirm", name, message, default: false })) === true;
  }

  /** @param {{ name: string } & Record<string, any>} asked @returns {Promise<any>} the answer */
  async prompt(asked) {
    try {
      const result = await this.adapter.prompt([/** @type {any} */ (asked)]);
      // Answers are nested where a name has dots.
      return asked.name.split(".").reduce((/** @type {any} */ value, key) => value?.[key], result);
    } catch (error) {
      if (/ExitPrompt|AbortPrompt|CancelPrompt/.test(/** @type {Error} */ (error).name)) {
        throw new Aborted();
      }
      throw error;
    }
  }
}

/**
 * @param {OptionDescription} option @param {string} name @param {Proposal | undefined} proposal
 * @param {(value: unknown) => string | undefined} problem
 */
function question(option, name, proposal, problem) {
  const { type } = option;
  const source = proposal === undefined ? "" : ` (from ${proposal.source})`;
  const message = `${name}: ${sentence(option.summary)}${source}`;
  if (type.kind === "enum") {
    const choices = type.members.map(({ value, summary }) => ({ name: value, value, description: summary }));
    return {
      type: "select",
      name,
      message,
      // Not the member that the default names: one pool's default may be forbidden for another.
      choices: [{ name: `leave it: ${fallbackText(option)}`, value: "" }, ...choices],
      default: proposal?.value ?? "",
    };
  }
  if (type.kind === "boolean") {
    return {
      type: "select",
      name,
      message,
      choices: [
        { name: `leave it: ${fallbackText(option)}`, value: "" },
        { name: "yes", value: true },
        { name: "no", value: false },
      ],
      default: proposal?.value ?? "",
    };
  }
  const hint = { list: isList(type) ? ", separated by commas" : ", as JSON", map: ", as JSON", json: ", as JSON" };
  return {
    type: "input",
    name,
    message: `${message}${hint[/** @type {"list"} */ (type.kind)] ?? ""} [${fallbackText(option)}]`,
    default: proposal === undefined ? "" : shown(proposal.value),
    validate: (/** @type {unknown} */ value) => problem(value) ?? true,
  };
}

/** @param {ValueDescription} type */
function isList(type) {
  return type.kind === "list" && isPlain(type.element);
}

/** @param {unknown} value */
function shown(value) {
  return Array.isArray(value) && value.every((item) => typeof item !== "object")
    ? value.join(", ")
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
}

/** A typed value; undefined for an empty answer. @param {unknown} answer @param {ValueDescription} type */
function read(answer, type) {
  if (typeof answer !== "string") {
    return answer;
  }
  const text = answer.trim();
  return text === "" ? undefined : parseValue(text, type);
}

/** @param {OptionDescription} option */
function fallbackText({ fallback, required }) {
  return required && fallback === "" ? "required" : `default: ${fallback.replace(/^- /, "").replace(/\s+/g, " ")}`;
}

/** @param {string} text */
function sentence(text) {
  const one = text.replace(/\s+/g, " ").trim().replace(/;$/, ".");
  return /[.:]$/.test(one) || one === "" ? one : `${one}.`;
}

/** @param {{ path: string, value: unknown, rule: string, fix: string }} issue */
function issueText({ path, value, rule, fix }) {
  return `${path} = ${JSON.stringify(value)}: ${rule}; ${fix}`;
}
