// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isMap, isScalar, parseDocument, stringify, visit } from "yaml";

/**
 * A workflow with every action, program and image as the table pins it. All else stays as it is written.
 *
 * Actions are found by `uses`, programs by a step `Install NAME` with VERSION and SHA256 in its environment, images by
 * IMAGE, and what a set-up action installs by the input that the table names.
 *
 * @param {string} text the workflow
 * @param {import("../../src/workflow-rules/pin-table").PinTable} table
 * @returns {{ text: string, unknown: string[] }} `unknown` says what the table does not pin
 */
export function pinnedWorkflow(text, table) {
  const document = parseDocument(text);
  const edits = [];
  const unknown = [];
  const setScalar = (map, key, value) => {
    const node = map.get(key, true);
    if (isScalar(node) && value !== undefined) {
      // Quoted where it would be a number: 1.10 is 1.1 to whoever reads YAML.
      const scalar = stringify(value, { lineWidth: 0 }).trimEnd();
      edits.push({ start: node.range[0], end: node.range[1], value: scalar });
    }
  };
  visit(document, {
    Map(_key, map) {
      const uses = map.get("uses", true);
      if (isScalar(uses) && isAction(uses.value)) {
        pinAction(map, uses);
      }
      const env = map.get("env");
      if (isMap(env)) {
        pinProgram(map, env);
        pinImage(map, env);
      }
    },
  });
  return { text: applied(text, edits), unknown };

  function pinAction(step, uses) {
    const action = uses.value.split("@")[0];
    const pin = table.actions[action.split("/").slice(0, 2).join("/")];
    if (pin === undefined) {
      unknown.push(`the action ${action}`);
      return;
    }
    const lineEnd = text.indexOf("\n", uses.range[1]);
    edits.push({
      start: uses.range[0],
      end: lineEnd < 0 ? text.length : lineEnd,
      value: `${action}@${pin.sha} # ${pin.version}`,
    });
    const inputs = step.get("with");
    if (pin.installs !== undefined && isMap(inputs)) {
      const { tool, input, prefix } = pin.installs;
      setScalar(inputs, input, `${prefix}${table.tools[tool].version}`);
    }
  }

  function pinProgram(step, env) {
    if (!env.has("SHA256")) {
      return;
    }
    const name = String(step.get("name"));
    const tool = table.tools[/^Install (\S+)$/.exec(name)?.[1]?.toLowerCase()];
    if (tool === undefined) {
      unknown.push(`the program that the step "${name}" downloads`);
      return;
    }
    setScalar(env, "VERSION", tool.version);
    setScalar(env, "SHA256", tool.sha256);
  }

  function pinImage(step, env) {
    const image = env.get("IMAGE");
    if (typeof image !== "string" || image.includes("${{")) {
      return;
    }
    const tool = Object.values(table.tools).find((pin) => pin.image?.split("@")[0] === image.split("@")[0]);
    if (tool === undefined) {
      unknown.push(`the image ${image}`);
      return;
    }
    setScalar(env, "IMAGE", tool.image);
    // A digest says nothing to a reader, so the step's name may say the version.
    const name = step.get("name");
    if (typeof name === "string") {
      setScalar(step, "name", name.replace(/\d+\.\d+\.\d+/, tool.version));
    }
  }
}

function isAction(uses) {
  return typeof uses === "string" && !uses.startsWith("docker://") && !uses.startsWith(".") && !uses.startsWith("$");
}

function applied(text, edits) {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, value }) => result.slice(0, start) + value + result.slice(end), text);
}
