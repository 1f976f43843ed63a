// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";

/** A command that ended with another code than 0; carries what it printed. */
export class CommandError extends Error {
  constructor(command, args, code, stdout, stderr) {
    super(`${[command, ...args].join(" ")} ended with ${code}\n${tail(stdout)}${tail(stderr)}`);
    Object.assign(this, { name: "CommandError", code, stdout, stderr });
  }
}

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, input?: string, note?: (line: string) => void, inherit?: boolean }} options
 *   `env` is added to the environment; `note` receives each line as it comes; `inherit` shows the output as it is
 * @returns {Promise<{ stdout: string, stderr: string }>}
 * @throws CommandError
 */
export function exec(command, args, { cwd, env, input, note, inherit = false } = {}) {
  return new Promise((resolve, reject) => {
    // npm and npx are batch files on Windows: only a shell starts them, and takes what is quoted for one argument.
    const shell = process.platform === "win32" && ["npm", "npx"].includes(command);
    const child = spawn(command, shell ? args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)) : args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input === undefined ? "ignore" : "pipe", inherit ? "inherit" : "pipe", inherit ? "inherit" : "pipe"],
      shell,
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      note?.(lastLine(text));
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      stderr += text;
      note?.(lastLine(text));
    });
    child.on("error", (error) => reject(new CommandError(command, args, error.message, stdout, stderr)));
    child.on("close", (code, signal) =>
      code === 0
        ? resolve({ stdout, stderr })
        : reject(new CommandError(command, args, code ?? signal, stdout, stderr)),
    );
    if (input !== undefined) {
      child.stdin.on("error", () => {}); // a command may end without reading all of its input
      child.stdin.end(input);
    }
  });
}

function lastLine(text) {
  return text.trimEnd().split("\n").pop() ?? "";
}

function tail(text) {
  const lines = text.trimEnd().split("\n");
  const shown = lines.slice(-60).join("\n");
  return shown === "" ? "" : `${lines.length > 60 ? "[...]\n" : ""}${shown}\n`;
}
