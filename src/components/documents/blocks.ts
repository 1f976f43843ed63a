// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Project } from "projen/lib/project";
import { BlockFile } from "../../sync/files/block-file";
import { Ownership } from "../../sync/files/ownership";
import { readmeName } from "../../sync/files/readme-name";
import type { DocumentView } from "./document-view";

/** Files that are the user's except for one region: README badges, CODEOWNERS, .gitignore. */
export function addBlocks(
  project: Project,
  view: DocumentView,
  props: { readonly readme: string; readonly codeOwners: readonly string[] },
): void {
  new BlockFile(project, readmeName(project.outdir), {
    content: readmeBlock(view),
    component: "documents",
    position: "start",
    initial: props.readme,
  });
  if (props.codeOwners.length > 0) {
    new BlockFile(project, ".github/CODEOWNERS", {
      content: codeOwners(props.codeOwners, project.ejected),
      component: "documents",
    });
  }
  // What projen and the components ignore is ours; a user's own patterns stand behind it and win.
  Ownership.of(project).declare(".gitignore", { ownership: "block", component: "project", position: "start" });
}

function readmeBlock({ repository, workflows, environments, any }: DocumentView): string {
  const links = `[Security architecture](docs/security-architecture.md) · [Operations](docs/operations.md) · [Customizing](docs/customizing.md)

${environmentTable(environments, any.gpu)}`;
  if (repository.owner === "" || !workflows.enabled) {
    return links;
  }
  const base = `https://github.com/${repository.owner}/${repository.name}/actions/workflows`;
  const badges = workflows.badges.map((id) => `[![${id}](${base}/${id}.yml/badge.svg)](${base}/${id}.yml)`);
  return `${badges.join(" ")}\n\n${links}`;
}

/** The environments as the options have them: in the managed block, so that it changes with them. */
function environmentTable(environments: DocumentView["environments"], gpu: boolean): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const headings = ["Environment", "Region", "Cluster", "Kubernetes", "Ray", ...(gpu ? ["GPU nodes"] : [])];
  return [
    row(headings),
    `|${"---|".repeat(headings.length)}\n`,
    ...environments.map(({ environment, region, cluster, ray, hasGpu, gpuOrderText }) =>
      row([
        `\`${environment}\``,
        `\`${region}\``,
        `\`${cluster.name}\``,
        cluster.version,
        ray.version,
        ...(gpu ? [hasGpu ? gpuOrderText : "none"] : []),
      ]),
    ),
  ].join("");
}

/** Whoever can change these can change what is deployed, by whom, and what is refused. */
const GUARDED = [
  "/.github/",
  "/.projenrc.ts",
  "/.ray-platform/",
  "/.terraform.lock.hcl",
  "/image-digests.json",
  "/package.json",
  "/package-lock.json",
  "/policies/",
  "/scripts/",
  "/src/",
];

function codeOwners(owners: readonly string[], ejected: boolean): string {
  return GUARDED.filter((path) => !ejected || path !== "/.projenrc.ts")
    .map((path) => `${path} ${owners.join(" ")}\n`)
    .join("");
}
