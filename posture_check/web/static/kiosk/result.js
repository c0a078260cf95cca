import { h } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { button, keypad } from "./controls.js";
import { say, word } from "./words.js";

const SIGN = { pass: "check", fail: "cross", incomplete: "dash" };
const GROUPS = [
  ["fix", "to_fix", "cross"],
  ["unseen", "not_seen", "dash"],
  ["advice", "advice", "spark"],
  ["passed", "in_order", "check"],
  ["exempt", "exempt", "shield"],
];

/**
 * What came of the check: the verdict, what to put right, and what next.
 *
 * @param {object} state From the server.
 * @param {object} app What screens may do.
 * @returns {HTMLElement[]}
 */
export function result(state, app) {
  const { lang } = state;
  const { verdict, rows, missing } = state.result;
  const lists = GROUPS.map(([group, title, sign]) => list(rows.filter((r) => r.group === group), group, word(title, lang), sign, lang));
  const left = missing.length
    ? [h("p", { class: "missing" }, icon("dash"), h("span", { text: missing.map((title) => say(title, lang)).join(lang === "zh" ? "、" : ", ") }))]
    : [];
  return [
    h(
      "div",
      { class: "verdict", data: { testid: "verdict", verdict } },
      h("div", { class: "big-sign", data: { verdict } }, icon(SIGN[verdict])),
      h(
        "div",
        {},
        h("h1", { class: "verdict-word", tabindex: "-1", text: word(verdict, lang) }),
        h("p", { class: "subtitle", text: word(`${verdict}_sub`, lang) }),
      ),
    ),
    h("div", { class: "lists", tabindex: "0", role: "region", "aria-label": word(verdict, lang) }, ...left, ...lists.filter(Boolean)),
    actions(state, app),
  ];
}

function actions(state, app) {
  const { lang } = state;
  const { verdict, may_retry: may, retries_left: left } = state.result;
  if (verdict === "pass") return h("div", { class: "buttons" }, button(word("finish", lang), "check", "finish", () => app.say({ type: "finish" }), "primary"));
  return h(
    "div",
    { class: "buttons" },
    may ? button(word("retry", lang), "retry", "retry", () => app.say({ type: "retry" }), "primary") : null,
    button(word("supervisor", lang), "shield", "override", () => app.say({ type: "override" }), may ? "" : "primary"),
    button(word("finish", lang), "check", "finish", () => app.say({ type: "finish" })),
    h("p", {
      class: "quiet buttons-note",
      text: may ? word("retries_left", lang, { n: left, tries: left === 1 ? "try" : "tries" }) : left ? "" : word("no_retries", lang),
    }),
  );
}

function list(rows, group, title, sign, lang) {
  if (!rows.length) return null;
  const open = ["fix", "unseen", "advice"].includes(group);
  return h(
    "section",
    { class: "list", data: { group } },
    h("h2", { class: "list-title" }, icon(sign), h("span", { text: title }), h("span", { class: "count", text: String(rows.length) })),
    h("ul", { class: open ? "rows" : "rows rows-small" }, ...rows.map((row, index) => item(row, sign, open, index, lang))),
  );
}

function item(row, sign, open, index, lang) {
  const advice = row.fix ?? row.why;
  const node = h(
    "li",
    { class: "row arriving", data: { testid: `item-${row.id.split(":")[1]}`, verdict: row.verdict, group: row.group } },
    icon(row.verdict === "borderline" ? "wave" : sign),
    h(
      "div",
      { class: "row-words" },
      h("span", { class: "row-title", text: say(row.title, lang) }),
      open && advice ? h("span", { class: "row-fix", text: say(advice, lang) }) : null,
      row.verdict === "borderline" ? h("span", { class: "row-note", text: word("borderline", lang) }) : null,
    ),
  );
  node.style.animationDelay = `${Math.min(index, 14) * 60}ms`;
  return node;
}

/**
 * A supervisor's word: PIN and reason.
 *
 * @param {object} state From the server.
 * @param {object} app What screens may do.
 * @returns {HTMLElement[]}
 */
export function override(state, app) {
  const { lang } = state;
  const { local } = app;
  const pin = h("input", {
    class: "field number",
    type: "password",
    inputmode: "none",
    autocomplete: "off",
    maxlength: "32",
    "aria-label": word("pin", lang),
    placeholder: word("pin", lang),
    data: { testid: "override-pin", autofocus: "1" },
    onkeydown: (event) => event.key === "Enter" && submit(),
  });
  const reason = h("input", {
    class: "field",
    type: "text",
    maxlength: "200",
    autocomplete: "off",
    "aria-label": word("reason", lang),
    placeholder: word("reason_other", lang),
    value: local.reason ?? "",
    data: { testid: "override-reason" },
    oninput: (event) => {
      local.reason = event.target.value;
      marks();
    },
    onkeydown: (event) => event.key === "Enter" && submit(),
  });
  const presets = ["reason_1", "reason_2", "reason_3"].map((key, index) =>
    h("button", {
      class: "choice preset",
      type: "button",
      text: word(key, lang),
      data: { testid: `override-reason-${index + 1}` },
      onclick: () => {
        reason.value = local.reason = word(key, lang);
        marks();
      },
    }),
  );
  const marks = () => presets.forEach((preset) => preset.setAttribute("aria-pressed", String(preset.textContent === reason.value)));
  marks();
  const submit = () => {
    if (!pin.value) return pin.focus();
    if (!reason.value.trim()) return reason.focus();
    app.say({ type: "override", pin: pin.value, reason: reason.value.trim() });
    pin.value = "";
  };
  return [
    h("h1", { class: "title", tabindex: "-1", text: word("override", lang) }),
    h("p", { class: "subtitle", text: word("override_sub", lang) }),
    h(
      "div",
      { class: "override" },
      h("div", { class: "by-number" }, pin, keypad(pin, lang, submit, "override-ok")),
      h(
        "div",
        { class: "reasons" },
        h("h2", { class: "list-title", text: word("reason", lang) }),
        ...presets,
        reason,
        h("p", { class: "form-error", role: "alert", data: { testid: "override-error" } }),
      ),
    ),
    h(
      "div",
      { class: "buttons" },
      button(word("confirm", lang), "shield", "override-submit", submit, "primary"),
      button(word("back", lang), "back", "override-back", () => app.say({ type: "back" })),
    ),
  ];
}
