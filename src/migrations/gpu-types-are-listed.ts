// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject } from "../json-object";
import type { Migration } from "./migration";

const CONFIGURATION = "src/platform/platform.json";

/** What was allowed without an option then. */
const DEFAULT = ["g4dn.xlarge", "g4dn.2xlarge", "g4dn.4xlarge", "p3.2xlarge"];

/** Until then the types of an accelerator were allowed for its being chosen. */
export const gpuTypesAreListed: Migration = {
  id: "gpu-types-are-listed",
  version: "0.1.0",
  description: "GPU types in use beyond the default are listed in policyLimits.gpuInstanceTypes",
  apply(context) {
    const types = allowedTypes(context.generated(CONFIGURATION));
    if (types.some((type) => !DEFAULT.includes(type))) {
      context.declareOption("policyLimits", "gpuInstanceTypes", types);
    }
  },
};

function allowedTypes(configuration: JsonObject | undefined): string[] {
  const limits = configuration?.limits;
  const terraform = isObject(limits) ? limits.terraform : undefined;
  const types = isObject(terraform) ? terraform.gpu_instance_types : undefined;
  return Array.isArray(types) ? types.filter((type) => typeof type === "string") : [];
}
