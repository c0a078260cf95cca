import { h } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { say, word } from "./words.js";

/**
 * Items that a camera cannot see: the person answers each with one touch.
 *
 * @param {object} state From the server.
 * @param {object} app What screens may do.
 * @returns {HTMLElement[]}
 */
export function manual(state, app) {
  const { lang, step } = state;
  const answered = step.items.filter((item) => item.answer !== null).length;
  const all = step.items.length;
  const ready = answered === all;
  return [
    h("h1", { class: "title", tabindex: "-1", data: { testid: "manual-title" }, text: say(step.title, lang) }),
    h("p", { class: "subtitle", text: say(step.say, lang) }),
    h("ul", { class: "items" }, ...step.items.map((item) => row(item, lang, app))),
    h(
      "div",
      { class: "buttons" },
      step.optional
        ? h("button", { class: "button", type: "button", data: { testid: "skip" }, onclick: () => app.say({ type: "skip" }) }, icon("skip"), word("skip", lang))
        : null,
      h(
        "button",
        {
          class: `button ${ready ? "primary" : ""}`,
          type: "button",
          disabled: !ready,
          data: { testid: "manual-done" },
          onclick: () => app.say({ type: "next" }),
        },
        icon("next"),
        ready ? word("go_on", lang) : word("answered", lang, { n: answered, all }),
      ),
    ),
  ];
}

function row(item, lang, app) {
  const choice = (ok, sign, label) =>
    h(
      "button",
      {
        class: `choice ${ok ? "choice-yes" : "choice-no"}`,
        type: "button",
        "aria-pressed": String(item.answer === ok),
        "aria-label": `${say(item.title, lang)}: ${word(label, lang)}`,
        data: { testid: `answer-${ok ? "yes" : "no"}-${item.rule}` },
        onclick: () => app.say({ type: "answer", item: item.rule, ok }),
      },
      icon(sign),
      h("span", { text: word(label, lang) }),
    );
  const answer = item.answer === null ? "none" : item.answer ? "yes" : "no";
  return h(
    "li",
    { class: "item", data: { testid: `manual-item-${item.rule}`, answer } },
    h(
      "div",
      { class: "item-words" },
      h("span", { class: "item-title", text: say(item.title, lang) }),
      item.answer === false ? h("span", { class: "item-fix", text: say(item.fix, lang) }) : null,
    ),
    h("div", { class: "choices" }, choice(true, "check", "yes"), choice(false, "cross", "no")),
  );
}
