import { fill, h } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { isMuted, setMuted } from "./sound.js";
import { say, word } from "./words.js";

/**
 * Draws the bar that is always there: where we are, language, sound and the way out.
 *
 * @param {HTMLElement} root Where it stands.
 * @param {object} state From the server.
 * @param {object} app What the page may do.
 */
export function drawTopbar(root, state, app) {
  const { lang } = state;
  const off = isMuted();
  const under = !["attract", "busy", "starting"].includes(state.phase);
  fill(
    root,
    h(
      "div",
      { class: "brand" },
      h("span", { class: "brand-mark", "aria-hidden": "true" }, icon("check")),
      h("span", { class: "brand-name", text: state.title ? say(state.title, lang) : word("brand", lang) }),
      state.person?.name ? h("span", { class: "brand-person", data: { testid: "who" }, text: state.person.name }) : "",
    ),
    h(
      "div",
      { class: "tools" },
      h(
        "button",
        {
          class: "tool",
          type: "button",
          lang: lang === "zh" ? "en" : "zh-CN",
          "aria-label": word("language_label", lang),
          data: { testid: "language" },
          onclick: () => app.say({ type: "language", lang: lang === "zh" ? "en" : "zh" }),
        },
        icon("globe"),
        h("span", { text: word("language", lang) }),
      ),
      h(
        "button",
        {
          class: "tool",
          type: "button",
          "aria-pressed": String(off),
          "aria-label": word(off ? "unmute" : "mute", lang),
          title: word(off ? "unmute" : "mute", lang),
          data: { testid: "mute" },
          onclick: () => {
            setMuted(!off);
            drawTopbar(root, state, app);
          },
        },
        icon(off ? "mute" : "sound"),
      ),
      h(
        "button",
        {
          class: "tool",
          type: "button",
          hidden: !under,
          "aria-label": word("cancel_label", lang),
          data: { testid: "cancel" },
          onclick: () => app.say({ type: "cancel" }),
        },
        icon("cross"),
        h("span", { text: word("cancel", lang) }),
      ),
    ),
  );
}
