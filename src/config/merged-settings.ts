// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject } from "../json-object";
import type { EnvironmentOptions } from "../options/environment-options";
import type { EnvironmentSettings } from "../options/environment-settings";
import { OptionTypes } from "../options/option-types";
import type { RayPlatformProjectOptions } from "../options/ray-platform-project-options";

/** The settings of one environment, and where each came from, so that an error names the option the user wrote. */
export class MergedSettings {
  /** Project settings overridden field by field; lists and scalars are replaced whole. */
  public readonly settings: EnvironmentSettings;

  public constructor(
    private readonly project: RayPlatformProjectOptions,
    private readonly environment: EnvironmentOptions,
    private readonly environmentPath: string,
  ) {
    const settings: Record<string, unknown> = {};
    for (const key of OptionTypes.load().struct("EnvironmentSettings").keys() as Iterable<keyof EnvironmentSettings>) {
      const shared = project[key];
      const own = environment[key];
      settings[key] = isObject(shared) && isObject(own) ? { ...shared, ...own } : (own ?? shared);
    }
    this.settings = settings;
  }

  /** Path of an option as the user wrote it, such as `network.vpcCidr` or `environments[1].network.vpcCidr`. */
  public path(key: keyof EnvironmentSettings, field?: string): string {
    const local = field === undefined ? key : `${key}${field.startsWith("[") ? "" : "."}${field}`;
    return this.isOwn(key, field) ? `${this.environmentPath}.${local}` : local;
  }

  private isOwn(key: keyof EnvironmentSettings, field?: string): boolean {
    const own = this.environment[key];
    if (own === undefined) {
      return false;
    }
    const shared = this.project[key];
    const name = field?.split(/[.[]/)[0];
    return !name || !isObject(own) || Object.hasOwn(own, name) || !isObject(shared) || !Object.hasOwn(shared, name);
  }
}
