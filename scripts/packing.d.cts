// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

export const GIT_IDENTITY: Readonly<Record<string, string>>;
export function packArguments(directory: string): string[];
export function packed(output: string): {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
};
export function projenNewArguments(props: {
  readonly projen: string;
  readonly tarball: string;
  readonly flags?: readonly string[];
}): string[];
