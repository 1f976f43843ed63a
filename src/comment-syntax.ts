// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { basename, extname } from "node:path";

/** How a kind of file writes comments: the sign before a line, or what stands before and after the text. */
export type CommentSyntax = "//" | "#" | readonly [open: string, close: string];

/** By extension, or by name where a file has none. */
const SYNTAX: Readonly<Record<string, CommentSyntax>> = {
  ".ts": "//",
  ".mts": "//",
  ".cts": "//",
  ".js": "//",
  ".mjs": "//",
  ".cjs": "//",
  ".go": "//",
  ".jsonc": "//",
  ".rego": "#",
  ".yml": "#",
  ".yaml": "#",
  ".toml": "#",
  ".sh": "#",
  ".py": "#",
  ".tf": "#",
  ".hcl": "#",
  ".tfvars": "#",
  ".cfg": "#",
  ".properties": "#",
  ".txt": "#",
  ".tpl": ["{{/*", "*/}}"],
  ".css": ["/*", "*/"],
  ".html": ["<!--", "-->"],
  ".md": ["<!--", "-->"],
  ".svg": ["<!--", "-->"],
  ".xml": ["<!--", "-->"],
};

/** The syntax of a file by its path; undefined if its format has no comments, or is not known. */
export function commentSyntax(path: string): CommentSyntax | undefined {
  const name = basename(path);
  const extension = extname(name).toLowerCase();
  // `CODEOWNERS` and `Dockerfile` have no extension, nor has `.gitignore`; what else begins with a dot is like them.
  return SYNTAX[extension] ?? (extension === "" || name.startsWith(".") ? "#" : undefined);
}

/** A line that is a comment. */
export function commentLine(syntax: CommentSyntax, text: string): string {
  return typeof syntax === "string" ? `${syntax} ${text}` : `${syntax[0]} ${text} ${syntax[1]}`;
}
