// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { renderMermaidSVG } from "beautiful-mermaid";

const DIAGRAM = /^```mermaid\n([\s\S]*?)^```$/gm;

/** Draws the diagrams of a page, in the colors of the site: readers need no script, and their browser fetches nothing. */
export function withDiagrams(content: string, draw: typeof renderMermaidSVG): string {
  let count = 0;
  return content.replace(DIAGRAM, (_, text: string) => {
    count++;
    const svg = draw(text)
      .replace(/@import [^\n]*\n/, "")
      .replace(/style="[^"]*"/, 'role="img" aria-label="Diagram"')
      .replace(/id="([\w-]+)"/g, `id="diagram-${count}-$1"`)
      .replace(/url\(#([\w-]+)\)/g, `url(#diagram-${count}-$1)`)
      .replace(/\n\s*\n/g, "\n"); // an empty line would end the HTML block
    return `<div class="diagram" tabindex="0" role="group" aria-label="Diagram, scrollable">\n${scoped(svg)}\n</div>`;
  });
}

/** The style of a diagram reaches that diagram alone, and Vue takes no style element in a page: it stands in the theme. */
function scoped(svg: string): string {
  return svg.replace(/<style>[\s\S]*?<\/style>/g, "");
}
