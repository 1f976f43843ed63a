// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Who is named in licence headers, the licence and the documents.
 *
 * @param name name of the project
 * @param owner GitHub owner; empty or undefined when it is not known
 * @param chosen the option `documents.copyrightHolder`
 */
export function copyrightHolder(name: string, owner: string | undefined, chosen: string | undefined): string {
  return chosen ?? (owner || `the ${name} authors`);
}
