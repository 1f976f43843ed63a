// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { RenderedFile } from "../files/rendered-file";

/** What tells git about `.ray-platform/` itself. */
export function bookkeepingFiles(): RenderedFile[] {
  return [
    file(".ray-platform/.gitattributes", "* linguist-generated\n/base/* -text -diff\n/rejected/** -text\n"),
    file(".ray-platform/.gitignore", "/journal/\n/run.lock*\n"),
  ];
}

function file(path: string, text: string): RenderedFile {
  const content = Buffer.from(text);
  return { path, ownership: "managed", component: "Regeneration", content, mode: 0o444, position: "end", initial: "" };
}
