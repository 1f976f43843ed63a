// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Back to the beginning of a line that is empty then. */
const CLEARED = "\r\u001b[K";

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/**
 * Runs named steps: a moving line on a terminal, that of the step which began last, and one plain line a step when it ends.
 * What a step's commands print is shown only if it fails, or with `verbose`.
 */
export class Progress {
  #started = Date.now();
  /** Steps that run, in the order in which they began. */
  #running = new Set();
  #timer;

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
    const running = { title, start: Date.now(), detail: "" };
    this.#begin(running);
    try {
      const result = await work((text) => {
        running.detail = text.trim();
      });
      this.#end(running, "✔");
      return result;
    } catch (error) {
      this.#end(running, "✘");
      throw error;
    }
  }

  /** A line of its own. */
  line(text = "") {
    if (!this.quiet) {
      process.stderr.write(`${this.interactive ? CLEARED : ""}${text}\n`);
    }
  }

  get elapsed() {
    return seconds(this.#started);
  }

  #begin(running) {
    this.#running.add(running);
    if (this.interactive && this.#timer === undefined) {
      let frame = 0;
      this.#timer = setInterval(() => this.#draw(SPINNER[frame++ % SPINNER.length]), 100);
    }
  }

  #draw(sign) {
    const { title, start, detail } = [...this.#running].at(-1);
    const beside = this.#running.size > 1 ? ` (${this.#running.size - 1} more beside)` : "";
    const text = `${sign} ${title} ${seconds(start)}${beside} ${detail}`;
    process.stderr.write(`${CLEARED}${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }

  #end(running, sign) {
    this.#running.delete(running);
    if (this.#running.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.line(`${sign} ${running.title} (${seconds(running.start)})`);
  }
}

function seconds(start) {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}
