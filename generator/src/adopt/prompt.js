// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { Aborted } from "../user-error.js";

/** The answers to a question. @param {import("@yeoman/types").InputOutputAdapter} adapter @param {any} question @returns {Promise<any>} @throws Aborted if it is left unanswered */
export async function promptOrAbort(adapter, question) {
  try {
    return await adapter.prompt([question]);
  } catch (error) {
    throw /ExitPrompt|AbortPrompt/.test(/** @type {Error} */ (error).name) ? new Aborted() : error;
  }
}
