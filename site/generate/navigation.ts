// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { GROUPS, type Page } from "./page";

/** An entry of the sidebar, as VitePress takes it. */
interface Entry {
  readonly text: string;
  readonly link?: string;
  readonly collapsed?: boolean;
  readonly items?: Entry[];
}

/** The sidebar: a group for each of {@link GROUPS}, in which pages stand in the order that they come in. */
export function navigation(pages: readonly Page[]): Entry[] {
  return GROUPS.map((group) => {
    const own = pages.filter((page) => page.group === group);
    return { text: group, items: entries(own) };
  });
}

function entries(pages: readonly Page[]): Entry[] {
  const folded = (title: string) => pages.filter(({ within }) => within === title).map(entry);
  const titles = new Set(pages.map(({ title }) => title));
  return pages.flatMap((page, index) => {
    if (page.within === undefined) {
      const items = folded(page.title);
      return [items.length === 0 ? entry(page) : { ...entry(page), collapsed: true, items }];
    }
    // Pages that fold away below a title which is no page of its own.
    const isFirst = pages.findIndex(({ within }) => within === page.within) === index;
    return !titles.has(page.within) && isFirst
      ? [{ text: page.within, collapsed: true, items: folded(page.within) }]
      : [];
  });
}

function entry({ title, path }: Page): Entry {
  return { text: title, link: `/${path.replace(/(^|\/)index$/, "$1")}` };
}
