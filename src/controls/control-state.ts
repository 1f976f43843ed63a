// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { EnvironmentConfig } from "../config/platform-config";
import { factHolds, type PipelineFacts } from "./control-facts";
import type { ControlRecord, ControlState } from "./control-record";

/** What a control comes to, and for which environments. */
export interface StatedControl {
  readonly state: ControlState;
  readonly sentence: string;
  /** Names of the environments, in their order. */
  readonly environments: readonly string[];
}

/** What a control comes to in one environment. */
export function controlIn(
  record: ControlRecord,
  environment: EnvironmentConfig,
  pipeline: PipelineFacts,
): Pick<StatedControl, "state" | "sentence"> {
  const variant = record.variants?.find(({ when }) => factHolds(when, { controlId: record.id, environment, pipeline }));
  return { state: variant?.state ?? "held", sentence: variant?.sentence ?? record.sentence };
}

/** What a control comes to in all environments: one statement for those that agree. */
export function statedControl(
  record: ControlRecord,
  environments: readonly EnvironmentConfig[],
  pipeline: PipelineFacts,
): StatedControl[] {
  const bySentence = new Map<string, StatedControl>();
  for (const environment of environments) {
    const { state, sentence } = controlIn(record, environment, pipeline);
    const before = bySentence.get(sentence)?.environments ?? [];
    bySentence.set(sentence, { state, sentence, environments: [...before, environment.name] });
  }
  return [...bySentence.values()];
}
