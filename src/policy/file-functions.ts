// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject } from "../json-object";

/**
 * Functions that read a file, and the one that evaluates a text that was made meanwhile.
 * Source: https://developer.hashicorp.com/terraform/language/functions
 */
const CALL = new RegExp(
  `\\b(file|filebase64|fileexists|fileset|file(?:base64)?(?:md5|sha1|sha256|sha512)|templatefile|templatestring)${
    // Terraform reads over blanks and comments.
    String.raw`(?:\s|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|(?:#|//)[^\n]*\n)*\(\s*("(?:[^"\\$%]|\\.)*"\s*[,)])?`
  }`,
);

/** What a stack brings along: the copies that cdktf makes beside it. */
const OWN_FILE = /^"(?:\.\/)?assets\/(?!.*\.\.)[\w./@+ -]*"/;

/** The first expression anywhere in a value that reads another file than the stack's own; undefined if there is none. */
export function fileReadIn(value: unknown): string | undefined {
  if (typeof value === "string") {
    return readIn(value);
  }
  const parts = Array.isArray(value) ? value : isObject(value) ? Object.entries(value).flat() : [];
  for (const part of parts) {
    const found = fileReadIn(part);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function readIn(text: string): string | undefined {
  const start = startOfTemplate(text);
  for (let rest = start === undefined ? "" : text.slice(start); rest !== ""; ) {
    const call = CALL.exec(rest);
    if (call === null) {
      return undefined;
    }
    const [, name, path] = call;
    if (name === "templatestring" || path === undefined || !OWN_FILE.test(path)) {
      return name;
    }
    rest = rest.slice(call.index + call[0].length);
  }
  return undefined;
}

/** Where Terraform may begin to evaluate a text: two dollar signs before a brace are one as it stands, and only two. */
function startOfTemplate(text: string): number | undefined {
  return /(?<!\$)\$\{|\${3}\{|(?<!%)%\{|%{3}\{/.exec(text)?.index;
}
