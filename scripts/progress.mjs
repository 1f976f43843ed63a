// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/**
 * Runs named steps one after the other: a moving line on a terminal, one plain line a step elsewhere.
 * What a step's commands print is shown only if it fails, or with `verbose`.
 */
export class Progress {
  #started = Date.now();

  /** @param {{ quiet?: boolean }} options `quiet` prints nothing, for `--json` */
  constructor({ quiet = false } = {}) {
    this.quiet = quiet;
    this.interactive = !quiet && process.stderr.isTTY === true;
  }

  /**
   * @template T
   * @param {string} title
   * @param {(note: (text: string) => void) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async step(title, work) {
    const start = Date.now();
    let detail = "";
    let frame = 0;
    const timer = this.interactive
      ? setInterval(() => {
          const text = `${SPINNER[frame++ % SPINNER.length]} ${title} ${seconds(start)} ${detail}`;
          process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
        }, 100)
      : undefined;
    try {
      const result = await work((text) => {
        detail = text.trim();
      });
      this.#end(timer, `✔ ${title} (${seconds(start)})`);
      return result;
    } catch (error) {
      this.#end(timer, `✘ ${title} (${seconds(start)})`);
      throw error;
    }
  }

  /** A line of its own. */
  line(text = "") {
    if (!this.quiet) {
      process.stderr.write(`${text}\n`);
    }
  }

  get elapsed() {
    return seconds(this.#started);
  }

  #end(timer, text) {
    clearInterval(timer);
    if (this.interactive) {
      process.stderr.write("\r\u001b[K");
    }
    this.line(text);
  }
}

function seconds(start) {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}
