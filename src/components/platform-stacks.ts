// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JsonFile } from "projen/lib/json";
import type { Project } from "projen/lib/project";
import { PACKAGE_ROOT } from "../package-root";
import type { PlatformConfig } from "../config/platform-config";
import { ManagedFile } from "../sync/files/managed-file";
import { addProviderLocks } from "./provider-locks";
import { copyTemplateFiles } from "./template-files";

const GPU_EXAMPLE = "gpu_job.py";

/** First jobs; the user's once written. */
const EXAMPLES = ["cpu_job.py", GPU_EXAMPLE, "service.py"];

/** The cdktf stacks, the chart that they install, the configuration that both read, and examples of what runs there. */
export function addPlatformStacks(project: Project, config: PlatformConfig): void {
  copyTemplateFiles(project, { from: "templates/src", to: "src", component: "stacks", seeded: ["extensions.ts"] });
  copyTemplateFiles(project, { from: "templates/helm", to: "helm", component: "helm" });
  copyTemplateFiles(project, {
    from: "templates/test",
    to: "test",
    component: "stacks",
    seeded: ["extensions.test.ts"],
  });
  const hasGpu = config.environments.some(({ ray }) => ray.workerGroups.some(({ gpus }) => gpus > 0));
  copyTemplateFiles(project, {
    from: "templates/examples",
    to: "examples",
    component: "examples",
    seeded: EXAMPLES,
    except: (path) => path === GPU_EXAMPLE && !hasGpu,
  });
  new ManagedFile(project, "src/platform/platform.json", {
    content: `${JSON.stringify(config, null, 2)}\n`,
    component: "stacks",
  });
  new ManagedFile(project, "src/platform/platform.schema.json", {
    content: configSchema(),
    component: "stacks",
  });
  addProviderLocks(project);
  new JsonFile(project, "cdktf.json", {
    obj: {
      language: "typescript",
      app: "npx projen synth",
      // Telemetry and crash reports would leave the closed network.
      sendCrashReports: "false",
      projectId: `ray-platform-${config.name}`,
    },
  });
  project.gitignore.exclude("/build/", "/cdktf.out/", ".terraform/", "*.tfstate*", "*.tfplan", "crash.log");
}

/** Without the remark that tells this package's developers where the schema comes from. */
function configSchema(): string {
  const text = readFileSync(join(PACKAGE_ROOT, "data", "platform.schema.json"), "utf8");
  const { $comment: _, ...schema } = JSON.parse(text) as Record<string, unknown>;
  return `${JSON.stringify(schema, null, 2)}\n`;
}
