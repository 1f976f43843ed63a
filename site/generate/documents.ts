// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { REPOSITORY } from "./links";
import { anchorOf, anchors, introduction, sections } from "./markdown";
import type { Page } from "./page";
import { exampleRepository } from "./repository";

/** A page that shows a document, or some of its sections. */
interface Shows extends Pick<Page, "path" | "title" | "group"> {
  readonly document: string;
  /** Headings of the sections that it shows; absent for the whole document, "the rest" for what no other page shows. */
  readonly sections?: readonly string[] | "the rest";
  /** What stands above the sections. */
  readonly introduction?: string;
  /** Where a document of a generated repository is made. */
  readonly template?: string;
}

const IN_REPOSITORY =
  "This page is from the documents of a generated repository with two environments. Yours has the same page, with its own names, limits and options.";

const operations = { document: `${REPOSITORY}docs/operations.md`, template: "templates/docs/operations.md.mustache" };
const customizing = {
  document: `${REPOSITORY}docs/customizing.md`,
  template: "templates/docs/customizing.md.mustache",
};

/** What the site shows of the documents that exist. A heading that is not there fails the build. */
export const DOCUMENT_PAGES: readonly Shows[] = [
  { path: "start/contents", title: "What is in a repository", group: "Start", document: "docs/repository.md" },
  {
    path: "start/deployment",
    title: "The first deployment",
    group: "Start",
    ...operations,
    sections: [
      "What you need",
      "Who does what",
      "Set up GitHub",
      "Deploy for the first time",
      "Check what was deployed",
    ],
    introduction:
      "An administrator applies one stack by hand; from then on pull requests deploy. Plan an afternoon: most of it is waiting for AWS.",
  },
  {
    path: "start/job",
    title: "The first Ray job",
    group: "Start",
    ...operations,
    sections: ["Reach the private Kubernetes API", "Submit a Ray job"],
    introduction: "The cluster has no public endpoint. Open a tunnel, then submit a job.",
  },
  {
    path: "guides/customize",
    title: "Customize",
    group: "Guides",
    ...customizing,
    sections: ["Options", "Take a file over", "What happens to your edits"],
    introduction: "Everything that is yours to decide is in `.projenrc.ts`. Change it and run `npx projen`.",
  },
  {
    path: "guides/extend",
    title: "Extend",
    group: "Guides",
    ...customizing,
    sections: "the rest",
    introduction:
      "Resources, policies and project settings of your own go in files that regeneration never overwrites.",
  },
  { path: "guides/update", title: "Update and regenerate", group: "Guides", document: "docs/regeneration.md" },
  {
    path: "guides/adopt",
    title: "Adopt a repository",
    group: "Guides",
    document: "generator/README.md",
    sections: ["An existing repository"],
  },
  {
    path: "guides/environments",
    title: "Environments",
    group: "Guides",
    ...operations,
    sections: ["Environments"],
    introduction: [
      "Each environment has its own AWS account, network, cluster, Terraform states and IAM roles. The project's settings apply to all of them; an environment overrides them field by field:",
      "",
      "```ts",
      "new RayPlatformProject({",
      '  name: "ml-platform",',
      '  githubOwner: "acme",',
      "  network: { flowLogRetentionDays: 731 },",
      "  environments: [",
      '    { name: "dev", awsAccountId: "111122223333", accelerator: Accelerator.NONE },',
      '    { name: "prod", awsAccountId: "444455556666", network: { vpcCidr: "10.20.0.0/16" } },',
      "  ],",
      "});",
      "```",
      "",
      "[Every setting of an environment](/reference/options/every-environment) is in the reference.",
    ].join("\n"),
  },
  { path: "guides/policies", title: "Policies", group: "Guides", document: "docs/policies.md" },
  { path: "guides/workflows", title: "CI workflows", group: "Guides", document: "docs/workflows.md" },
  {
    path: "guides/operate",
    title: "Operate",
    group: "Guides",
    ...operations,
    sections: "the rest",
    introduction: "GPU capacity, upgrades, day-two work, locks, and how to take a platform down again.",
  },
  { path: "guides/engines", title: "Which engine", group: "Guides", document: "docs/engines.md" },
  {
    path: "guides/cost",
    title: "Cost",
    group: "Guides",
    document: `${REPOSITORY}docs/cost.md`,
    template: "templates/docs/cost.md.mustache",
  },
  {
    path: "example/security-architecture",
    title: "Security architecture",
    group: "An example repository",
    document: `${REPOSITORY}docs/security-architecture.md`,
    template: "templates/docs/security-architecture.md.mustache",
  },
  {
    path: "example/deviations",
    title: "Deviations",
    group: "An example repository",
    document: `${REPOSITORY}docs/deviations.md`,
    template: "templates/docs/deviations.md.mustache",
  },
  {
    path: "example/troubleshooting",
    title: "Troubleshooting",
    group: "An example repository",
    document: `${REPOSITORY}docs/troubleshooting.md`,
    template: "templates/docs/troubleshooting.md.mustache",
  },
  {
    path: "example/aws-oidc",
    title: "AWS OIDC federation",
    group: "An example repository",
    document: `${REPOSITORY}docs/aws-oidc.md`,
    template: "templates/docs/aws-oidc.md.mustache",
  },
  {
    path: "example/github-app",
    title: "GitHub App",
    group: "An example repository",
    document: `${REPOSITORY}docs/github-app.md`,
    template: "templates/docs/github-app.md.mustache",
  },
  { path: "project/architecture", title: "Architecture", group: "Project", document: "ARCHITECTURE.md" },
  { path: "project/contributing", title: "Contributing", group: "Project", document: "CONTRIBUTING.md" },
  { path: "project/releasing", title: "Releasing", group: "Project", document: "docs/releasing.md" },
  { path: "project/security", title: "Report a vulnerability", group: "Project", document: "SECURITY.md" },
  { path: "project/changelog", title: "Changelog", group: "Project", document: "CHANGELOG.md" },
];

/** The pages of the documents. */
export function documentPages(): Page[] {
  const repository = exampleRepository();
  return DOCUMENT_PAGES.map((shown) => pageOf(shown, textOf(shown.document, repository)));
}

function textOf(document: string, repository: ReadonlyMap<string, string>): string {
  if (!document.startsWith(REPOSITORY)) {
    return readFileSync(join(PACKAGE_ROOT, document), "utf8").replace(/^<!--.*-->\n/gm, "");
  }
  const text = repository.get(document.slice(REPOSITORY.length));
  if (text === undefined) {
    throw new Error(
      `a generated repository has no ${document.slice(REPOSITORY.length)}; see site/generate/documents.ts`,
    );
  }
  return text.replace(/^<!--[\s\S]*?-->\n/gm, "");
}

function pageOf(shown: Shows, text: string): Page {
  const { path, title, group, document, template } = shown;
  const common = { path, title, group, source: template ?? document };
  const note = template === undefined ? "" : `::: info\n${IN_REPOSITORY}\n:::\n\n`;
  if (shown.sections === undefined) {
    const body = text.replace(/^[\s\S]*?^# .*\n/m, "").trim();
    return { ...common, content: `# ${title}\n\n${note}${body}\n`, shows: [{ document }] };
  }
  const chosen = chosenSections(shown, text);
  const body = chosen.map((section) => section.text).join("\n\n");
  const above = shown.introduction ?? introduction(text);
  const own = anchors(body);
  return {
    ...common,
    content: `# ${title}\n\n${above}\n\n${note}${body}\n`,
    // A link to the document as a whole leads to the page that has the rest of it.
    shows: [
      { document, anchors: shown.sections === "the rest" ? [anchorOf(/^# (.*)/m.exec(text)?.[1] ?? ""), ...own] : own },
    ],
  };
}

function chosenSections(shown: Shows, text: string) {
  const all = sections(text);
  if (shown.sections === "the rest") {
    const taken = DOCUMENT_PAGES.filter(({ document }) => document === shown.document).flatMap((page) =>
      page.sections === "the rest" ? [] : (page.sections ?? []),
    );
    return all.filter(({ title }) => !taken.includes(title));
  }
  return (shown.sections ?? []).map((title) => {
    const found = all.find((section) => section.title === title);
    if (found === undefined) {
      throw new Error(
        `${shown.document} has no section "${title}", which ${shown.path} shows; change DOCUMENT_PAGES in site/generate/documents.ts`,
      );
    }
    return found;
  });
}
