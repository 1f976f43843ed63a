// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What Ray's pods may do with the objects of a bucket. */
export enum DataAccess {
  /** List and read. */
  READ = "read",
  /** List, write and delete; not read. */
  WRITE = "write",
  /** List, read, write and delete. */
  READ_WRITE = "read-write",
}
