// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** How this package is packed, and a repository made from it: for scripts and for tests. */

/** Arguments of npm that pack what is compiled into a directory. */
const packArguments = (directory) => [
  "pack",
  "--json",
  "--silent",
  "--ignore-scripts",
  "--pack-destination",
  directory,
];

/** What npm says of the one tarball that it packed: `filename`, `size`, and `files` with path, size and mode. */
const packed = (output) => JSON.parse(output.slice(output.indexOf("[")))[0];

/** Arguments of npx that make a repository as a user does. */
const projenNewArguments = ({ projen, tarball, flags = [] }) => [
  "--yes",
  `projen@${projen}`,
  "new",
  "--projen-version",
  projen,
  "--from",
  `ray-platform@file:${tarball}`,
  ...flags,
];

/** `projen new` commits what it made; a machine without a git identity must be able to as well. */
const GIT_IDENTITY = {
  GIT_AUTHOR_NAME: "ray-platform",
  GIT_AUTHOR_EMAIL: "ray-platform@example.invalid",
  GIT_COMMITTER_NAME: "ray-platform",
  GIT_COMMITTER_EMAIL: "ray-platform@example.invalid",
};

module.exports = { GIT_IDENTITY, packArguments, packed, projenNewArguments };
