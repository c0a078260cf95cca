import { fill, h } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { say, word } from "./words.js";

const SIGN = { pass: "check", fail: "cross", unseen: "dash" };
const GROUPS = { passed: "check", fix: "cross", unseen: "dash", advice: "spark", exempt: "shield" };
const MOST = 8;
const shown = new Set();

/**
 * Draws the steps with what became of them; the checks of the latest step arrive one by one.
 *
 * @param {HTMLElement} root Where it stands.
 * @param {object} state From the server.
 */
export function drawRail(root, state) {
  const { lang } = state;
  const done = state.steps.filter((step) => step.counts && step.status !== "now");
  const newest = done.length ? done[done.length - 1].id : null;
  const rows = state.steps.map((step, index) => stepRow(step, index, step.id === newest, lang));
  fill(root, h("h2", { class: "rail-title", text: word("steps", lang) }), h("ol", { class: "rail-steps" }, ...rows));
  root.querySelector('[aria-current="step"]')?.scrollIntoView({ block: "nearest", inline: "center" });
}

/** Forgets which checks have arrived, for the next person. */
export function clearRail() {
  shown.clear();
}

function stepRow(step, index, open, lang) {
  const mark = SIGN[step.status];
  const label = h("span", { class: "rail-mark" }, mark ? icon(mark) : String(index + 1));
  const counts = step.counts && step.status !== "now" ? tally(step.counts, lang) : null;
  return h(
    "li",
    {
      class: "rail-step",
      data: { testid: `step-${step.id}`, status: step.status },
      "aria-current": step.status === "now" ? "step" : null,
    },
    label,
    h("div", { class: "rail-words" }, h("span", { class: "rail-name", text: say(step.title, lang) }), note(step, lang), counts),
    open ? arrivals(step, lang) : null,
  );
}

function note(step, lang) {
  if (step.counts || (!step.optional && !step.skipped)) return null;
  return h("span", { class: "rail-optional", text: word(step.skipped ? "skipped" : "optional", lang) });
}

function tally(counts, lang) {
  const parts = [
    ["passed", "check", "in_order"],
    ["fix", "cross", "to_fix"],
    ["unseen", "dash", "not_seen"],
  ].filter(([group]) => counts[group]);
  return h(
    "span",
    { class: "tally" },
    ...parts.map(([group, sign, name]) =>
      h(
        "span",
        { class: "tally-part", data: { group } },
        icon(sign),
        String(counts[group]),
        h("span", { class: "visually-hidden", text: word(name, lang) }),
      ),
    ),
  );
}

function arrivals(step, lang) {
  let order = 0;
  const wanting = (check) => (check.group === "fix" ? 0 : check.group === "unseen" ? 1 : 2);
  const rows = step.checks
    .filter((check) => check.group !== "exempt")
    .sort((a, b) => wanting(a) - wanting(b))
    .slice(0, MOST)
    .map((check) => {
      const row = h(
        "li",
        { class: "arrival", data: { group: check.group } },
        icon(GROUPS[check.group] ?? "dash"),
        h("span", { text: say(check.title, lang) }),
      );
      if (!shown.has(check.id + step.status)) {
        row.classList.add("arriving");
        row.style.animationDelay = `${90 * order}ms`;
        order += 1;
        shown.add(check.id + step.status);
      }
      return row;
    });
  return h("ul", { class: "arrivals" }, ...rows);
}
