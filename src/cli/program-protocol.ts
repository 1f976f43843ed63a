// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Environment variable of a process that runs a projenrc for another one, which gives the verdict. */
export const PROGRAM_VARIABLE = "RAY_PLATFORM_PROGRAM";

/** Where such a process says that it came to its end. */
export const END_DESCRIPTOR = 3;
/** What it says there. */
export const END = "end";
