// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { customizingDocument } from "./customizing-document";
import { gpuTypesAreListed } from "./gpu-types-are-listed";
import type { Migration } from "./migration";
import { scannerConfigurationsMoved } from "./scanner-configurations";

/** Every migration there ever was, oldest first. */
export const MIGRATIONS: readonly Migration[] = [scannerConfigurationsMoved, gpuTypesAreListed, customizingDocument];
