// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { isThere } from "../file-presence";
import type { PlatformConfig } from "../config/platform-config";
import { WORKFLOWS } from "../config/workflow-list";
import { readForeignText } from "../foreign-file";
import { GATES } from "../gates";
import { parseObject } from "../json-object";
import type { PipelineFacts } from "./control-facts";

/** Where a repository keeps the configuration that its options resolve to. */
export const PLATFORM_FILE = "src/platform/platform.json";

/** The configuration of a repository as it lies on disk; undefined where there is none that can be read. */
export function platformOf(root: string): PlatformConfig | undefined {
  const file = join(root, PLATFORM_FILE);
  if (!isThere(file)) {
    return undefined;
  }
  const config = parseObject(readForeignText(file));
  return Array.isArray(config?.environments) ? (config as unknown as PlatformConfig) : undefined;
}

/** What a repository's workflows do, as they lie on disk: an emptied or removed one does nothing. */
export function pipelineOf(root: string): PipelineFacts {
  const texts = new Map(WORKFLOWS.map(({ id }) => [id, workflowText(root, id)]));
  return {
    gates: new Set(
      GATES.filter(({ id }) => /^ {2}pull_request:/m.test(texts.get(id) ?? "") && runsHere(texts.get(id) ?? "")).map(
        ({ id }) => id,
      ),
    ),
    usesApp: [...texts.values()].some((text) => text.includes("actions/create-github-app-token@")),
  };
}

/** Whether a workflow has steps, and is not kept to public repositories: of this one it is not known to be. */
function runsHere(text: string): boolean {
  return /^ +- (?:name|uses|run|id):/m.test(text) && !text.includes("github.event.repository.visibility == 'public'");
}

function workflowText(root: string, id: string): string {
  const file = join(root, ".github", "workflows", `${id}.yml`);
  return isThere(file) ? readForeignText(file) : "";
}
