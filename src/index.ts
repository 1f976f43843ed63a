// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
export * from "./ray-platform-project";
