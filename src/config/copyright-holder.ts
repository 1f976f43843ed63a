// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Who is named in license headers, the license and the documents.
 *
 * @param name name of the project
 * @param owner GitHub owner; empty or undefined when it is not known
 * @param chosen the option `documents.copyrightHolder`
 */
export function copyrightHolder(name: string, owner: string | undefined, chosen: string | undefined): string {
  return chosen ?? (owner || `the ${name} authors`);
}

/**
 * Who was named before the GitHub owner was known, if that decides: files of that time keep a header that is right.
 *
 * @param name name of the project
 * @param chosen the option `documents.copyrightHolder`
 */
export function formerHolder(name: string, chosen: string | undefined): string | undefined {
  return chosen === undefined ? copyrightHolder(name, undefined, undefined) : undefined;
}
