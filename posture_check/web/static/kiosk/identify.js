import { fill, h } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { keypad } from "./controls.js";
import { word } from "./words.js";

const MOST = 120;

/**
 * Who is it: by name, by number, by code, or without a name.
 *
 * @param {object} state From the server.
 * @param {object} app `say`, `local` (kept while the phase lasts) and `redraw`.
 * @returns {HTMLElement[]}
 */
export function identify(state, app) {
  const { lang } = state;
  const { local } = app;
  const people = state.roster ?? [];
  if (!people.length) return noRoster(state, app);
  local.way ??= people.length > 60 ? "number" : "name";
  const ways = { name: ["list", "by_name", "identify-by-name"], number: ["keypad", "by_number", "identify-by-number"], code: ["qr", "by_code", "identify-scan"] };
  const tabs = Object.entries(ways).map(([way, [sign, label, testid]]) =>
    h(
      "button",
      {
        class: "tab",
        type: "button",
        "aria-pressed": String(local.way === way),
        data: { testid },
        onclick: () => choose(way, app),
      },
      icon(sign),
      h("span", { text: word(label, lang) }),
    ),
  );
  const body = local.way === "name" ? byName(state, app) : local.way === "number" ? byNumber(state, app) : byCode(state);
  return [
    h("h1", { class: "title", tabindex: "-1", text: word("who", lang) }),
    h("div", { class: "tabs", role: "group", "aria-label": word("who", lang) }, ...tabs),
    h("div", { class: "tab-body", data: { way: local.way } }, body),
    guestBar(state, app),
  ];
}

function choose(way, app) {
  app.local.way = way;
  app.say({ type: "scan", on: way === "code" });
  app.redraw();
}

function byName(state, app) {
  const { lang } = state;
  const list = h("div", { class: "people", data: { testid: "identify-list" } });
  const draw = () => {
    const wanted = (app.local.search ?? "").trim().toLowerCase();
    const found = state.roster.filter((p) => !wanted || p.name.toLowerCase().includes(wanted) || p.number.toLowerCase().includes(wanted));
    fill(
      list,
      ...found.slice(0, MOST).map((person) => personButton(person, app)),
      ...(found.length ? [] : [h("p", { class: "quiet", text: word("nobody", lang) })]),
    );
  };
  const search = h("input", {
    class: "field search",
    type: "search",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: word("search", lang),
    "aria-label": word("search", lang),
    value: app.local.search ?? "",
    data: { testid: "identify-search" },
    oninput: (event) => {
      app.local.search = event.target.value;
      draw();
    },
    onkeydown: (event) => event.key === "Enter" && list.querySelector("button")?.click(),
  });
  draw();
  const short = state.roster.length <= 12;
  return h("div", { class: "by-name" }, short ? null : h("label", { class: "search-box" }, icon("search"), search), list);
}

function personButton(person, app) {
  return h(
    "button",
    {
      class: "person",
      type: "button",
      data: { testid: `person-${person.number}` },
      onclick: () => app.say({ type: "identify", number: person.number }),
    },
    h("span", { class: "avatar", "aria-hidden": "true", text: initial(person.name) }),
    h(
      "span",
      { class: "person-words" },
      h("span", { class: "person-name", text: person.name }),
      h("span", { class: "person-number", text: [person.number, person.team].filter(Boolean).join(" · ") }),
    ),
  );
}

function initial(name) {
  const first = [...name.trim()][0] ?? "";
  return first.toUpperCase();
}

function byNumber(state, app) {
  const { lang } = state;
  const input = h("input", {
    class: "field number",
    type: "text",
    inputmode: "none",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: "32",
    "aria-label": word("number_label", lang),
    placeholder: word("number_label", lang),
    value: app.local.number ?? "",
    data: { testid: "identify-number", autofocus: "1" },
    oninput: (event) => {
      app.local.number = event.target.value;
    },
    onkeydown: (event) => event.key === "Enter" && submit(),
  });
  const submit = () => {
    const number = input.value.trim();
    if (number) app.say({ type: "identify", number });
    input.select();
  };
  return h("div", { class: "by-number" }, input, keypad(input, lang, submit, "identify-submit"));
}

function byCode(state) {
  return h("p", { class: "code-words", text: word("show_code", state.lang) });
}

function noRoster(state, app) {
  const { lang } = state;
  return [
    h("h1", { class: "title", tabindex: "-1", text: word("no_roster", lang) }),
    h("p", { class: "subtitle", data: { testid: "no-roster" }, text: word("no_roster_sub", lang) }),
    roles(state, app),
  ];
}

function guestBar(state, app) {
  const { lang } = state;
  if (app.local.guest) return h("div", { class: "guest" }, h("p", { class: "quiet", text: word("guest_sub", lang) }), roles(state, app));
  return h(
    "button",
    {
      class: "link",
      type: "button",
      data: { testid: "guest" },
      onclick: () => {
        app.local.guest = true;
        app.redraw();
      },
    },
    icon("person"),
    h("span", { text: word("guest", lang) }),
  );
}

function roles(state, app) {
  const { lang } = state;
  const seated = h("input", { type: "checkbox", class: "tick", data: { testid: "guest-seated" } });
  const go = (role) => app.say({ type: "identify", role, variant: seated.checked ? "seated" : "usual" });
  return h(
    "div",
    { class: "roles" },
    ...["A", "B"].map((role) =>
      h("button", { class: "button", type: "button", data: { testid: `guest-role-${role}` }, onclick: () => go(role) }, word(`role_${role}`, lang)),
    ),
    h("label", { class: "tick-label" }, seated, h("span", { text: word("seated_variant", lang) })),
  );
}
