// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { controlRecords } from "../../src/controls/control-record";
import { WORKFLOWS } from "../../src/config/workflow-list";
import { optionPaths } from "../../src/options/option-paths";
import { ruleList } from "../../src/policy/rule-list";
import { commandPages } from "./commands";
import { controlPages } from "./controls";
import { withDiagrams } from "./diagrams";
import { documentPages } from "./documents";
import { Links } from "./links";
import { outsideOfCode, prose } from "./markdown";
import { messagePages } from "./messages";
import { navigation } from "./navigation";
import { optionPages } from "./options";
import type { Page } from "./page";
import { rulePages } from "./rules";

/**
 * Lays out the site's pages for VitePress in site/.pages: those of site/pages, and those that follow from the project's
 * sources, documents and tables.
 */
const SITE = join(__dirname, "..");
const OUTPUT = join(SITE, ".pages");

void main();

async function main(): Promise<void> {
  // Only as a module of the new kind.
  const { renderMermaidSVG } = await import("beautiful-mermaid");
  const pages: readonly Page[] = [
    ...writtenPages(),
    ...documentPages(),
    ...optionPages(),
    ...controlPages(),
    ...rulePages(),
    ...commandPages(),
    ...messagePages(),
  ];
  const links = new Links(pages);

  rmSync(OUTPUT, { recursive: true, force: true });
  for (const page of pages) {
    const frontmatter = { title: page.title, source: page.source };
    write(
      `${page.path}.md`,
      `---\n${JSON.stringify(frontmatter)}\n---\n\n${withDiagrams(asText(page, links.rewrite(page)), renderMermaidSVG)}`,
    );
  }
  write("index.md", withFacts(readFileSync(join(SITE, "pages", "index.md"), "utf8")));
  write("site.json", JSON.stringify({ navigation: navigation(pages) }));
  cpSync(join(SITE, "public"), join(OUTPUT, "public"), { recursive: true });
  cpSync(join(SITE, "..", "docs", "images"), join(OUTPUT, "public", "images"), { recursive: true });
  console.log(`${pages.length + 1} pages`);
}

/** The first page says how much there is: `{{ facts.rules }}`. */
function withFacts(content: string): string {
  const facts: Readonly<Record<string, number>> = {
    // Those of an environment are the project's own, again.
    options: optionPaths().filter((path) => !path.startsWith("environments.")).length,
    controls: controlRecords().length,
    rules: ruleList().length,
    workflows: WORKFLOWS.length,
  };
  return content.replace(/\{\{ facts\.(\w+) \}\}/g, (_, name: string) => String(facts[name]));
}

/** Documents are Markdown of GitHub, which knows no Vue; the pages that were written for the site may use it. */
function asText(page: Page, content: string): string {
  return page.source.startsWith("site/") ? content : outsideOfCode(content, prose);
}

/** Pages that were written for the site, except for the first one. Their first heading is their title. */
function writtenPages(): Page[] {
  return [
    ["start", "Start"],
    ["project", "Project"],
  ].flatMap(([directory, group]) =>
    readdirSync(join(SITE, "pages", directory))
      .sort()
      .map((name): Page => {
        const content = readFileSync(join(SITE, "pages", directory, name), "utf8");
        return {
          path: posix.join(directory, name.replace(/\.md$/, "")),
          title: /^# (.*)$/m.exec(content)?.[1] ?? name,
          group: group as Page["group"],
          content,
          source: `site/pages/${directory}/${name}`,
        };
      }),
  );
}

function write(path: string, content: string): void {
  const file = join(OUTPUT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
