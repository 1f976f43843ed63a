// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// The blocks of what src/platform/hcl-text.ts writes, and of nothing else. Where a comment or a heredoc may stand, a line that looks like
// a block is none for the scanners: a text that has what is never written is refused, and not interpreted.

const BLOCK = /^(resource|data) "([\w-]+)" "([\w-]+)" \{$/;
/** What stands outside of strings; `#` begins a comment, and so do two slashes. */
const CODE = /^[\w .,:=?!&|<>+*/%~\t-]$/;
const CLOSING = { "{": "}", "[": "]", "(": ")", "${": "}" };
/** The beginning of an expression in a string, or of its escape. */
const TEMPLATE = /(\$+|%+)\{/y;

/**
 * The addresses of the blocks, in their order, and the first line that is never written.
 *
 * @param isComment whether a line, without blanks around it, is a comment that is written
 */
export function hclBlocks(text, isComment) {
  const addresses = [];
  const open = [];
  for (const [index, line] of text.split("\n").entries()) {
    const problem = { addresses, problem: `line ${index + 1} has what no synthesis writes` };
    const isCode = open.at(-1) !== '"';
    if (isCode && /^ *#/.test(line)) {
      if (!isComment(line.trim())) {
        return problem;
      }
    } else if (open.length === 0 && line !== "") {
      const block = BLOCK.exec(line);
      if (block === null) {
        return problem;
      }
      addresses.push(block.slice(1).join("."));
      open.push("{");
    } else if (!follows(line, open)) {
      return problem;
    }
  }
  return { addresses, problem: open.length === 0 ? undefined : "a block has no end" };
}

/** Whether a line is one within a block. What it opens or closes is so in `open` afterwards. */
function follows(line, open) {
  for (let at = 0; at < line.length; at++) {
    at = open.at(-1) === '"' ? afterText(line, at, open) : afterCode(line, at, open);
    if (at === -1) {
      return false;
    }
  }
  return open.at(-1) !== '"';
}

/** The last position of what stands in a string at a position, or -1. */
function afterText(line, at, open) {
  TEMPLATE.lastIndex = at;
  const [, signs] = TEMPLATE.exec(line) ?? [];
  if (signs?.length === 1) {
    open.push("${");
    return at + 1;
  }
  if (signs !== undefined) {
    // Two are an escape. Of three, Terraform and a scanner could take different ones for it.
    return signs.length === 2 ? at + 2 : -1;
  }
  if (line[at] === '"') {
    open.pop();
  }
  return line[at] === "\\" ? at + 1 : at;
}

function afterCode(line, at, open) {
  const character = line[at];
  if (character === '"' || Object.hasOwn(CLOSING, character)) {
    open.push(character);
    return at;
  }
  if (CLOSING[open.at(-1)] === character) {
    open.pop();
    return at;
  }
  const two = line.slice(at, at + 2);
  return CODE.test(character) && !["/*", "//", "<<"].includes(two) ? at : -1;
}
