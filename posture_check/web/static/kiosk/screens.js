import { h } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { button } from "./controls.js";
import { figure } from "./figures.js";
import { identify } from "./identify.js";
import { manual } from "./manual.js";
import { override, result } from "./result.js";
import { say, word } from "./words.js";

const SCREENS = { attract, identify, consent, step, manual, result, override, done, busy };

/**
 * Makes what stands on the screen in the present phase.
 *
 * @param {object} state From the server.
 * @param {object} app What screens may do.
 * @returns {HTMLElement[]}
 */
export function screen(state, app) {
  return SCREENS[state.phase]?.(state, app) ?? [];
}

function attract(state, app) {
  const { lang } = state;
  const steps = ["attract_1", "attract_2", "attract_3"].map((key, index) =>
    h("li", {}, h("span", { class: "attract-icon" }, icon(["person", "standing", "check"][index])), h("span", { text: word(key, lang) })),
  );
  return [
    h(
      "div",
      { class: "attract-words" },
      h("p", { class: "attract-clock", id: "clock", "aria-hidden": "true", text: clockText(lang) }),
      h("h1", { class: "attract-title", text: word("hello", lang) }),
      h("p", { class: "attract-sub", text: word("hello_sub", lang) }),
      button(word("begin", lang), "next", "start", () => app.say({ type: "start" }), "primary huge"),
      h("ol", { class: "attract-steps" }, ...steps),
    ),
    showpiece(lang),
  ];
}

/** A mirror with somebody in it, and what is checked: decoration that says at a glance what this is. */
function showpiece(lang) {
  const canvas = h("canvas", { class: "showpiece-figure", width: 560, height: 720 });
  canvas.getContext("2d").drawImage(figure(560, 720, { framing: "body", view: "front" }, "rgb(207 226 243)", 4), 0, 0);
  const chips = ["chip_1", "chip_2", "chip_3"].map((key, index) =>
    h("li", { class: `chip chip-${index + 1}` }, icon("check"), h("span", { text: word(key, lang) })),
  );
  return h("div", { class: "showpiece", "aria-hidden": "true" }, canvas, h("ul", {}, ...chips));
}

/** The time of day as the clock shows it. @param {"zh"|"en"} lang @returns {string} */
export function clockText(lang) {
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en", { hour: "2-digit", minute: "2-digit" }).format(new Date());
}

function consent(state, app) {
  const { lang } = state;
  return [
    h("h1", { class: "title", tabindex: "-1", text: word("consent", lang) }),
    state.person?.name ? h("p", { class: "subtitle", text: state.person.name }) : null,
    h("p", { class: "consent-text", tabindex: "0", data: { testid: "consent-text" }, text: say(state.consent, lang) }),
    h(
      "div",
      { class: "buttons" },
      button(word("agree", lang), "check", "consent-accept", () => app.say({ type: "consent", agree: true }), "primary"),
      button(word("decline", lang), "cross", "consent-decline", () => app.say({ type: "consent", agree: false })),
    ),
  ].filter(Boolean);
}

function step(state, app) {
  if (!state.step?.optional) return [];
  return [button(word("skip", state.lang), "skip", "skip", () => app.say({ type: "skip" }), "quiet-button")];
}

function done(state, app) {
  const { lang } = state;
  const { verdict, overridden } = state.result;
  const good = verdict === "pass" || overridden;
  const words = !good ? word("done_fail", lang) : state.person?.name ? word("done_name", lang, { name: state.person.name }) : word("done", lang);
  return [
    h("div", { class: "big-sign", data: { verdict: good ? "pass" : verdict } }, icon(good ? "check" : "clock")),
    h("h1", { class: "attract-title", tabindex: "-1", data: { testid: "done" }, text: words }),
    overridden ? h("p", { class: "attract-sub", text: word("overridden", lang) }) : null,
    button(word("next_person", lang), "next", "next-person", () => app.say({ type: "cancel" })),
  ].filter(Boolean);
}

function busy(state, app) {
  const { lang } = state;
  return [
    h("div", { class: "big-sign" }, icon("window")),
    h("h1", { class: "title", tabindex: "-1", text: word("busy", lang) }),
    h("p", { class: "subtitle", text: word("busy_sub", lang) }),
    button(word("use_here", lang), "check", "take-over", () => app.say({ type: "take_over" }), "primary"),
  ];
}
