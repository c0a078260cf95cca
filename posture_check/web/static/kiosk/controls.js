import { h } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { word } from "./words.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/**
 * A button with an icon.
 *
 * @param {string} label What it says.
 * @param {string|null} sign Its icon.
 * @param {string} testid Its name for tests.
 * @param {() => void} press What it does.
 * @param {string} [extra] Further classes.
 * @returns {HTMLElement}
 */
export function button(label, sign, testid, press, extra = "") {
  return h(
    "button",
    { class: `button ${extra}`.trim(), type: "button", data: { testid }, onclick: press },
    sign ? icon(sign) : null,
    h("span", { text: label }),
  );
}

/**
 * A big keypad that types into a field.
 *
 * @param {HTMLInputElement} input The field.
 * @param {"zh"|"en"} lang Language.
 * @param {() => void} submit Called by its OK key.
 * @param {string} testid Of the OK key.
 * @returns {HTMLElement}
 */
export function keypad(input, lang, submit, testid) {
  const type = (text) => {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const key = (label, press, extra = {}) => h("button", { class: "key", type: "button", onclick: press, ...extra }, label);
  return h(
    "div",
    { class: "keypad" },
    ...KEYS.map((digit) => key(digit, () => type(input.value + digit), { data: { testid: `key-${digit}` } })),
    key(icon("erase"), () => type(input.value.slice(0, -1)), { "aria-label": word("erase", lang), data: { testid: "key-erase" } }),
    key("0", () => type(`${input.value}0`), { data: { testid: "key-0" } }),
    key(icon("check"), submit, { class: "key key-ok", "aria-label": word("ok", lang), data: { testid } }),
  );
}
