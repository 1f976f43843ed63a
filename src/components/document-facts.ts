// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { packageData } from "../config/package-data";
import type { EnvironmentConfig, PlatformConfig } from "../config/platform-config";
import type { DocumentOptions } from "../options/document-options";

/** A control of the security document, from data/controls.json. */
export interface Control {
  readonly id: string;
  readonly section: string;
  readonly sentence: string;
  readonly implementation: string;
  readonly policy: string | null;
}

/** What document templates can say about a repository. */
export interface DocumentFacts extends PlatformConfig {
  /** `owner/name`, or the name alone. */
  readonly repositoryName: string;
  readonly copyrightHolder: string;
  readonly securityContact: string | null;
  readonly controls: readonly Control[];
  /** The first environment, for examples. */
  readonly example: EnvironmentConfig;
}

/** Gathers the facts. */
export function documentFacts(config: PlatformConfig, options: DocumentOptions): DocumentFacts {
  const { owner, name } = config.repository;
  return {
    ...config,
    repositoryName: owner === "" ? name : `${owner}/${name}`,
    copyrightHolder: options.copyrightHolder ?? (owner === "" ? `the ${config.name} authors` : owner),
    securityContact: options.securityContact ?? null,
    controls: packageData<{ readonly controls: readonly Control[] }>("controls").controls,
    example: config.environments[0],
  };
}
