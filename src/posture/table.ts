// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { html, type Markup } from "./html";

/**
 * A table that can be scrolled sideways where it is too wide. The roles say again what the elements are: on a phone the
 * style lays some rows out as blocks, and browsers then forget it.
 *
 * @param id of the heading or caption that names it, without its suffix
 * @param caption default: the heading with this id names it
 */
export function table(
  id: string,
  headings: readonly string[],
  rows: readonly Markup[],
  style: string,
  caption?: string,
): Markup {
  const classes = `${style}${headings.length > 3 ? " many" : ""}`.trim();
  const name = caption === undefined ? html` aria-labelledby="${nameOf(id)}"` : html` aria-label="${caption}"`;
  return html`<div class="scroll" role="group" tabindex="0"${name}><table role="table" class="${classes}"${name}>
<thead role="rowgroup"><tr role="row">${headings.map((heading) => html`<th scope="col" role="columnheader">${heading}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows}</tbody></table></div>`;
}

function nameOf(id: string): string {
  return id.startsWith("layer-") ? id : `${id}-h`;
}

/** A cell of a table. */
export function cell(content: Markup, style?: string): Markup {
  return html`<td role="cell"${style === undefined ? undefined : html` class="${style}"`}>${content}</td>`;
}
