// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";

interface Site {
  readonly navigation: any[];
}

// What site/generate/main.ts laid out.
const { navigation } = JSON.parse(readFileSync(new URL("../.pages/site.json", import.meta.url), "utf8")) as Site;

const REPOSITORY = "https://github.com/ray-platform/ray-platform";
const DESCRIPTION =
  "One command creates a complete repository for a private Ray-on-EKS platform with GPU nodes, and keeps it up to date.";

export default defineConfig({
  title: "ray-platform",
  description: DESCRIPTION,
  lang: "en-US",
  base: "/ray-platform/",
  srcDir: ".pages",
  outDir: "../build/site",
  cacheDir: "./node_modules/.cache/vitepress",
  cleanUrls: true,
  lastUpdated: false,
  metaChunk: true,
  head: [
    ["link", { rel: "icon", type: "image/svg+xml", href: "/ray-platform/logo.svg" }],
    ["meta", { name: "theme-color", content: "#4f46e5" }],
    ["meta", { property: "og:title", content: "ray-platform" }],
    ["meta", { property: "og:description", content: DESCRIPTION }],
  ],
  markdown: {
    // As GitHub makes them, so that one link is right in both places.
    anchor: {
      slugify: (heading) =>
        heading
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, "")
          .replace(/\s/g, "-"),
    },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    languageAlias: { rego: "python" },
    config: (md) => {
      // A table scrolls within the page, and is reached with the keyboard to do so.
      md.renderer.rules.table_open = () => '<div class="table" tabindex="0" role="group" aria-label="Table"><table>\n';
      md.renderer.rules.table_close = () => "</table></div>\n";
    },
  },
  themeConfig: {
    logo: "/logo.svg",
    search: { provider: "local", options: { detailedView: true } },
    nav: [
      { text: "Start", link: "/start/repository", activeMatch: "/start/" },
      { text: "Guides", link: "/guides/customize", activeMatch: "/guides/" },
      {
        text: "Reference",
        activeMatch: "/reference/",
        items: [
          { text: "Options", link: "/reference/options/" },
          { text: "Controls", link: "/reference/controls/" },
          { text: "Policy rules", link: "/reference/rules/" },
          { text: "Commands", link: "/reference/commands" },
          { text: "Messages", link: "/reference/messages" },
        ],
      },
      { text: "Comparison", link: "/project/comparison" },
    ],
    sidebar: navigation,
    outline: { level: [2, 3] },
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    editLink: {
      // It becomes text of the pages, and so knows nothing from around it.
      pattern: ({ frontmatter }) =>
        `https://github.com/ray-platform/ray-platform/blob/main/${frontmatter.source ?? "site/pages/index.md"}`,
      text: "The source of this page",
    },
    footer: { message: "Apache-2.0", copyright: "The ray-platform authors" },
  },
} as any);
