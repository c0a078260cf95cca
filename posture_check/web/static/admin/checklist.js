/** Checks the checklist while it is typed, shows the steps for the chosen person, and changes them at a touch. */
import { ask } from "./refusal.js";

const form = document.getElementById("editor");
const text = document.getElementById("text");
const look = document.getElementById("look");
const who = document.getElementById("f-as");

let timer = 0;
let round = 0;

/** Ask the server what it makes of the text; an answer that was overtaken is dropped. */
export async function check() {
  const mine = ++round;
  const body = new FormData();
  body.set("text", text.value);
  body.set("as", who.value);
  body.set("csrf", form.elements.csrf.value);
  try {
    const answer = await fetch("/admin/checklist/check", { method: "POST", body, headers: { Accept: "text/html" } });
    if (answer.ok && mine === round) {
      const open = [...look.querySelectorAll("details")].map(part => part.open);
      const more = look.querySelector("#more")?.value;
      look.innerHTML = await answer.text();
      look.querySelectorAll("details").forEach((part, i) => { part.open = open[i] ?? false; });
      const choice = look.querySelector("#more");
      if (choice && [...choice.options].some(option => option.value === more)) choice.value = more;
      text.setAttribute("aria-invalid", String(look.querySelector("#problems").dataset.count !== "0"));
    }
  } catch {
    // Away for a moment: the next key tries again, and saving checks in any case.
  }
}

/** Has the server change a step in the text; the text stays what is saved. */
async function change(control) {
  const group = control.closest("[data-step]");
  const what = control.dataset.change;
  const step = what === "add" ? look.querySelector("#more").value : group.dataset.step;
  const value = control.type === "checkbox" ? String(control.checked) : control.value;
  const body = new FormData();
  for (const [name, given] of Object.entries({ text: text.value, as: who.value, csrf: form.elements.csrf.value, what, step, value })) {
    body.set(name, given);
  }
  const { told, wrong } = await ask("/admin/checklist/change", body);
  if (told) text.value = told.text;
  await check();
  look.querySelector("#change-error").textContent = wrong;
  look.querySelector(`[data-step="${step}"] [data-change="${what}"]:not(:disabled)`)?.focus();
}

look.addEventListener("click", event => {
  const button = event.target.closest("button[data-change]");
  if (button) change(button);
});
look.addEventListener("change", event => {
  if (event.target.matches("input[data-change]")) change(event.target);
});
look.addEventListener("keydown", event => {
  // Enter in a number changes the step; it does not save the form around it.
  if (event.key === "Enter" && event.target.matches("input[data-change]")) {
    event.preventDefault();
    change(event.target);
  }
});

text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(check, 350);
});
who.addEventListener("change", check);
text.addEventListener("keydown", event => {
  // Two blanks for Tab while Ctrl is held, so that Tab itself still leaves the field.
  if (event.key === "]" && event.ctrlKey) {
    event.preventDefault();
    text.setRangeText("  ", text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input"));
  }
});
